-- Runs after the tasks: the current release whole, then the occupations of older texts that it no longer has.
WITH chosen AS (
    SELECT * FROM occupation WHERE onet_release = getvariable('onet_release')
    UNION ALL
    SELECT o.* FROM occupation o
    SEMI JOIN outgoing.task t ON t.onet_release = o.onet_release AND t.occupation_code = o.occupation_code
    WHERE o.occupation_code NOT IN (
        SELECT occupation_code FROM occupation WHERE onet_release = getvariable('onet_release')
    )
    QUALIFY row_number() OVER (PARTITION BY o.occupation_code ORDER BY o.onet_release DESC) = 1
)
SELECT occupation_code, onet_release, title,
    CASE WHEN getvariable('with_statements') THEN description END AS description,
    left(occupation_code, 2) AS major_group, job_zone, is_custom
FROM chosen
ORDER BY occupation_code
