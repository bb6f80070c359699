SELECT * EXCLUDE (aggregation_id)
FROM multiverse
WHERE aggregation_id = getvariable('aggregation_id')
ORDER BY rowid
