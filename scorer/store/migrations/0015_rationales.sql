-- Which rationales can hardly be reasons, and how many of each rater's.
CREATE TABLE rating_flag (
    evaluation_id VARCHAR, rating_id VARCHAR, task_id VARCHAR, rubric VARCHAR, rater VARCHAR, variant VARCHAR,
    repeat INTEGER, flag VARCHAR, detail VARCHAR, other_task_id VARCHAR, likeness DOUBLE
);

CREATE TABLE rationale_quality (
    evaluation_id VARCHAR, rater VARCHAR, rubric VARCHAR, flag VARCHAR, n INTEGER, n_flagged INTEGER, share DOUBLE,
    reason_undefined VARCHAR
);
