-- What reviewers did about tasks on which raters disagree. The log only grows: of several resolutions the last counts.

CREATE TABLE review_event (
    task_id VARCHAR, rubric VARCHAR, statement_sha256 VARCHAR, act VARCHAR, reviewer VARCHAR, category VARCHAR,
    score DOUBLE, reason VARCHAR, created_at TIMESTAMP
);

CREATE VIEW review_resolution AS
SELECT * FROM review_event WHERE act = 'resolve'
QUALIFY row_number() OVER (PARTITION BY task_id, rubric, statement_sha256 ORDER BY rowid DESC) = 1;
