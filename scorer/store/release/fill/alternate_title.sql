-- Titles are words of others: a release without statements has none.
SELECT * EXCLUDE (onet_release)
FROM alternate_title
WHERE onet_release = getvariable('onet_release') AND getvariable('with_statements')
ORDER BY occupation_code, title
