-- Whatever may quote a statement (rationale, problem, the exchanges) goes with the statements. Profiles have a table of
-- their own.
SELECT * REPLACE (
    CASE WHEN getvariable('with_statements') THEN rationale END AS rationale,
    CASE WHEN getvariable('with_statements') THEN problem END AS problem,
    CASE WHEN getvariable('with_statements') THEN raw END AS raw
)
FROM rating
WHERE split_part(rubric, '@', 1) <> 'profile'
ORDER BY rubric, rater, task_id, variant, repeat, created_at
