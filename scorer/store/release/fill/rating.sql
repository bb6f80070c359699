-- Whatever may quote a statement (rationale, problem, the exchanges) goes with the statements.
SELECT * REPLACE (
    CASE WHEN getvariable('with_statements') THEN rationale END AS rationale,
    CASE WHEN getvariable('with_statements') THEN problem END AS problem,
    CASE WHEN getvariable('with_statements') THEN raw END AS raw
)
FROM rating
ORDER BY rubric, rater, task_id, variant, repeat, created_at
