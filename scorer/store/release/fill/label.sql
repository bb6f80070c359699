SELECT * EXCLUDE (content_sha256) REPLACE (CASE WHEN getvariable('with_statements') THEN note END AS note)
FROM label_public
ORDER BY label_set, rubric, task_id, labeller
