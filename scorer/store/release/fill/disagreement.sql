SELECT * EXCLUDE (aggregation_id)
FROM disagreement
WHERE aggregation_id = getvariable('aggregation_id')
ORDER BY rowid
