SELECT * EXCLUDE (onet_release)
FROM related_occupation
WHERE onet_release = getvariable('onet_release')
ORDER BY occupation_code, place
