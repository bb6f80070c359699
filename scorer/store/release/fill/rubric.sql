SELECT rubric, sha256, title, level, scale, prompt
FROM rubric_current
WHERE rubric IN (SELECT rubric FROM rating UNION SELECT rubric FROM label)
ORDER BY rubric
