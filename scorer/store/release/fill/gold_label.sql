-- The median of a task's labels in one set: persons before models, reviews never. Two different categories in the
-- middle of an even number decide nothing.
WITH chosen AS (
    SELECT * FROM label_current WHERE origin <> 'review'
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
)
SELECT label_set, task_id, rubric, labeller_kind,
    CASE WHEN n_middle = 1 THEN category END AS category,
    CASE WHEN n_middle = 1 THEN score END AS score,
    n AS n_labellers,
    CASE WHEN n = 1 THEN 'single' WHEN n_middle = 1 THEN 'median' ELSE 'undecided' END AS rule
FROM middle
ORDER BY label_set, rubric, task_id
