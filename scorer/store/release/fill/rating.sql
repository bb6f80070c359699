-- Whatever may quote a statement (rationale, problem, the exchanges) goes with the statements. Profiles have a table of
-- their own. By task, so that who asks about one task or occupation reads a small part of the file: DuckDB keeps the
-- least and the greatest value of each stretch of rows. The content hash does not depend on the order.
SELECT * REPLACE (
    CASE WHEN getvariable('with_statements') THEN rationale END AS rationale,
    CASE WHEN getvariable('with_statements') THEN problem END AS problem,
    CASE WHEN getvariable('with_statements') THEN raw END AS raw
)
FROM rating_whole
WHERE split_part(rubric, '@', 1) <> 'profile'
ORDER BY task_id, rubric, rater, variant, repeat, created_at
