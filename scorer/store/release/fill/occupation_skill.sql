-- Of the current release; a custom occupation has those of the first of its nearest codes that has any.
WITH own AS (
    SELECT * EXCLUDE (onet_release) FROM occupation_skill WHERE onet_release = getvariable('onet_release')
), stand_in AS (
    SELECT n.occupation_code, n.nearest_code
    FROM custom_nearest n
    SEMI JOIN custom_current c ON c.onet_release = n.onet_release
    SEMI JOIN own ON own.occupation_code = n.nearest_code
    QUALIFY row_number() OVER (PARTITION BY n.occupation_code ORDER BY n.place) = 1
)
SELECT *, NULL::VARCHAR AS proxy_of FROM own
UNION ALL
SELECT own.* REPLACE (s.occupation_code AS occupation_code), s.nearest_code
FROM stand_in s JOIN own ON own.occupation_code = s.nearest_code
ORDER BY occupation_code, importance DESC NULLS LAST, element
