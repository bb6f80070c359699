SELECT * EXCLUDE (onet_release)
FROM occupation_skill
WHERE onet_release = getvariable('onet_release')
ORDER BY occupation_code, importance DESC NULLS LAST, element
