-- Of each rubric's current evaluation.
SELECT t.* EXCLUDE (evaluation_id)
FROM rating_flag t
SEMI JOIN evaluation_current c ON c.rubric = t.rubric AND c.evaluation_id = t.evaluation_id
ORDER BY t.rowid
