-- Whether what raters state (an expected score, a confidence) can be taken at its word, and what it becomes where it is
-- brought in line with labels: a value of its own beside the rating, which stays as it is.
CREATE TABLE reliability (
    evaluation_id VARCHAR, rater VARCHAR, rubric VARCHAR, label_set VARCHAR, labeller_kind VARCHAR, quantity VARCHAR,
    bin INTEGER, low DOUBLE, high DOUBLE, n INTEGER, stated DOUBLE, observed DOUBLE, calibrated DOUBLE,
    error_stated DOUBLE, error_calibrated DOUBLE, reason_undefined VARCHAR
);

CREATE TABLE calibrated_value (
    evaluation_id VARCHAR, rating_id VARCHAR, task_id VARCHAR, rater VARCHAR, rubric VARCHAR, label_set VARCHAR,
    quantity VARCHAR, stated DOUBLE, calibrated DOUBLE
);
