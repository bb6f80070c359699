SELECT task_id, activity_id, CASE WHEN getvariable('with_statements') THEN activity END AS activity
FROM task_activity
WHERE onet_release = getvariable('onet_release')
ORDER BY task_id, activity_id
