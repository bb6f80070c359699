SELECT * REPLACE (CASE WHEN getvariable('with_statements') THEN reason END AS reason)
FROM review_event
ORDER BY rowid
