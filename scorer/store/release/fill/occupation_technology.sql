SELECT * EXCLUDE (onet_release)
FROM occupation_technology
WHERE onet_release = getvariable('onet_release')
ORDER BY occupation_code, example
