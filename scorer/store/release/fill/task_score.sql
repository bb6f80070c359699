SELECT * EXCLUDE (aggregation_id)
FROM task_score
WHERE aggregation_id = getvariable('aggregation_id')
ORDER BY rowid
