SELECT * FROM contamination_current
WHERE rater IN (SELECT rater FROM rating)
    AND label_set NOT IN (SELECT name FROM label_set_current WHERE is_private)
ORDER BY label_set, rubric, rater, probe DESC
