-- Held with the score that it explains.
SELECT * EXCLUDE (aggregation_id) REPLACE (
    CASE WHEN status = 'published' OR getvariable('provisional') THEN share END AS share
)
FROM blocker_share
WHERE aggregation_id = getvariable('aggregation_id')
ORDER BY rowid
