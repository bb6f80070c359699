-- What counts as a task's label in one set: what an adjudicator settled last among several labellers, else the median of
-- its labels: persons before models. Two different categories in the middle of an even number decide nothing.
WITH chosen AS (
    SELECT * FROM label_public WHERE origin <> 'review'
    QUALIFY labeller_kind = 'person'
        OR NOT bool_or(labeller_kind = 'person') OVER (PARTITION BY label_set, task_id, rubric)
), placed AS (
    SELECT *,
        row_number() OVER (PARTITION BY label_set, task_id, rubric ORDER BY score, category, labeller) AS place,
        count(*) OVER (PARTITION BY label_set, task_id, rubric) AS n
    FROM chosen
), middle AS (
    SELECT label_set, task_id, rubric, labeller_kind, n, count(DISTINCT category) AS n_middle,
        any_value(category) AS category, any_value(score) AS score
    FROM placed
    WHERE place IN ((n + 1) // 2, n // 2 + 1)
    GROUP BY ALL
), settled AS (
    SELECT label_set, task_id, rubric, labeller, labeller_kind, category, score
    FROM label_public WHERE origin = 'review'
    QUALIFY row_number() OVER (PARTITION BY label_set, task_id, rubric ORDER BY created_at DESC) = 1
)
SELECT label_set, task_id, rubric, coalesce(s.labeller_kind, m.labeller_kind) AS labeller_kind,
    CASE WHEN s.category IS NOT NULL THEN s.category WHEN n_middle = 1 THEN m.category END AS category,
    CASE WHEN s.category IS NOT NULL THEN s.score WHEN n_middle = 1 THEN m.score END AS score,
    n AS n_labellers,
    CASE
        WHEN s.category IS NOT NULL THEN 'adjudicated'
        WHEN n = 1 THEN 'single'
        WHEN n_middle = 1 THEN 'median'
        ELSE 'undecided'
    END AS rule,
    s.labeller AS adjudicator
FROM middle m LEFT JOIN settled s USING (label_set, task_id, rubric)
ORDER BY label_set, rubric, task_id
