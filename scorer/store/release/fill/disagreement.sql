SELECT d.* EXCLUDE (aggregation_id) REPLACE (r.reviewer AS resolved_by)
FROM disagreement d
LEFT JOIN outgoing.task t ON t.task_id = d.task_id AND t.is_current
LEFT JOIN review_resolution r
    ON r.task_id = d.task_id AND r.rubric = d.rubric AND r.statement_sha256 = t.statement_sha256
WHERE d.aggregation_id = getvariable('aggregation_id')
ORDER BY d.rowid
