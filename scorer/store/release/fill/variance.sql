SELECT * EXCLUDE (aggregation_id)
FROM variance
WHERE aggregation_id = getvariable('aggregation_id')
ORDER BY rowid
