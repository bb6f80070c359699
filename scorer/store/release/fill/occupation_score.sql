-- A held score is no number, unless the release says that it is provisional.
SELECT * EXCLUDE (aggregation_id, is_open) REPLACE (
    CASE WHEN is_open THEN score END AS score,
    CASE WHEN is_open THEN share_50 END AS share_50,
    CASE WHEN is_open THEN ci_low END AS ci_low,
    CASE WHEN is_open THEN ci_high END AS ci_high,
    CASE WHEN is_open THEN rank_low END AS rank_low,
    CASE WHEN is_open THEN rank_high END AS rank_high,
    CASE WHEN is_open THEN detectable_difference END AS detectable_difference,
    CASE WHEN is_open THEN band END AS band
)
FROM (SELECT *, status = 'published' OR getvariable('provisional') AS is_open FROM occupation_score)
WHERE aggregation_id = getvariable('aggregation_id')
