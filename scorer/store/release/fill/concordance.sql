SELECT * EXCLUDE (aggregation_id)
FROM concordance
WHERE aggregation_id = getvariable('aggregation_id')
ORDER BY rowid
