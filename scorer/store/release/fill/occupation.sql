-- Runs after the tasks: the current release whole with the custom occupations, then the occupations of older texts that
-- neither has any more. A custom occupation has the figures of the first of its nearest codes that has any.
WITH current_release AS (
    SELECT getvariable('onet_release') AS onet_release
    UNION SELECT onet_release FROM custom_current
), own AS (
    SELECT o.* FROM occupation o SEMI JOIN current_release c ON c.onet_release = o.onet_release
), chosen AS (
    SELECT * FROM own
    UNION ALL
    SELECT o.* FROM occupation o
    SEMI JOIN outgoing.task t ON t.onet_release = o.onet_release AND t.occupation_code = o.occupation_code
    WHERE o.occupation_code NOT IN (SELECT occupation_code FROM own)
    QUALIFY row_number() OVER (PARTITION BY o.occupation_code ORDER BY o.onet_release DESC) = 1
), figures AS (
    SELECT occupation_code AS shown_code, NULL::VARCHAR AS labour_proxy_of, * FROM labour_current
    UNION ALL
    SELECT n.occupation_code, n.nearest_code, l.*
    FROM custom_nearest n
    SEMI JOIN chosen c ON c.onet_release = n.onet_release AND c.occupation_code = n.occupation_code
    JOIN labour_current l ON l.occupation_code = n.nearest_code
    WHERE l.has_wages OR l.growth_pct IS NOT NULL
    QUALIFY row_number() OVER (PARTITION BY n.occupation_code ORDER BY n.place) = 1
)
SELECT c.occupation_code, c.onet_release, c.title,
    CASE WHEN getvariable('with_statements') THEN c.description END AS description,
    left(c.occupation_code, 2) AS major_group, c.job_zone, c.is_custom,
    f.nem_code, f.labour_proxy_of, f.employment, f.employment_mark, f.median_wage_usd, f.median_wage_mark, f.wage_year,
    f.growth_pct AS projected_growth_pct, f.growth_mark AS projected_growth_mark, f.projection_period, f.demand_trend,
    f.pay_change_pct, f.pay_change_period, f.pay_change_reason
FROM chosen c LEFT JOIN figures f ON f.shown_code = c.occupation_code
ORDER BY c.occupation_code
