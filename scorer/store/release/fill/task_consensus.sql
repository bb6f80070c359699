SELECT * EXCLUDE (aggregation_id) REPLACE (CASE WHEN getvariable('with_statements') THEN rationale END AS rationale)
FROM task_consensus
WHERE aggregation_id = getvariable('aggregation_id')
ORDER BY rowid
