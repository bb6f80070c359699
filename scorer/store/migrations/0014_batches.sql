-- Batches at providers: what each holds, and every step that was taken with it. A step is noted before and after each
-- call, so that any process can go on where another one ended.

CREATE TABLE batch_draft (
    batch VARCHAR, run_id VARCHAR, rater VARCHAR, queue VARCHAR, cells INTEGER, tokens DOUBLE, reserved_usd DOUBLE,
    attempt INTEGER, drafted_at TIMESTAMP
);

CREATE TABLE batch_cell (batch VARCHAR, cell_hash VARCHAR, reserved_usd DOUBLE);

CREATE TABLE batch_step (
    batch VARCHAR, stage VARCHAR, status VARCHAR, file_id VARCHAR, batch_id VARCHAR, output_file_id VARCHAR,
    error_file_id VARCHAR, spent_usd DOUBLE, problem VARCHAR, noted_at TIMESTAMP
);

CREATE VIEW batch AS
SELECT * FROM batch_draft JOIN (
    SELECT * FROM batch_step QUALIFY row_number() OVER (PARTITION BY batch ORDER BY rowid DESC) = 1
) USING (batch);

CREATE VIEW batch_open AS
SELECT * FROM batch WHERE stage NOT IN ('collected', 'split', 'withdrawn');
