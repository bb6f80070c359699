SELECT rater, provider, model, params, is_embedded, answer, reading, weights_sha256, facts
FROM rater_current
WHERE rater IN (SELECT rater FROM rating)
ORDER BY rater
