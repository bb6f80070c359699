-- A held rater's own mean is no number, unless the release says that it is provisional. What people say, estimated with
-- its help, is right whatever the rater's errors, and stays.
SELECT * EXCLUDE (aggregation_id) REPLACE (
    CASE WHEN status = 'published' OR getvariable('provisional') THEN naive END AS naive
)
FROM group_score
WHERE aggregation_id = getvariable('aggregation_id')
ORDER BY rowid
