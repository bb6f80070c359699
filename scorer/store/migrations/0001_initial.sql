-- The working store. Tables only ever grow: what is current is said by views. No foreign keys: they slow hot tables
-- down and forbid updates. Times are UTC. NULL is never 0.

CREATE TABLE migration (id INTEGER, name VARCHAR, sha256 VARCHAR, applied_at TIMESTAMP);

-- What is known of occupations and tasks -------------------------------------------------------------------------

CREATE TABLE catalogue_release (
    name VARCHAR, kind VARCHAR, source VARCHAR, attribution VARCHAR, sha256 VARCHAR, notes VARCHAR[], added_at TIMESTAMP
);

CREATE TABLE occupation (
    onet_release VARCHAR, occupation_code VARCHAR, title VARCHAR, description VARCHAR, job_zone INTEGER, is_custom BOOLEAN
);

CREATE TABLE task (
    onet_release VARCHAR, task_id VARCHAR, occupation_code VARCHAR, statement VARCHAR, statement_sha256 VARCHAR,
    kind VARCHAR, importance DOUBLE, relevance DOUBLE, frequency DOUBLE
);

-- Who is asked what ----------------------------------------------------------------------------------------------

CREATE TABLE rubric (
    rubric VARCHAR, sha256 VARCHAR, title VARCHAR, level VARCHAR, scale JSON, prompt VARCHAR, added_at TIMESTAMP
);

CREATE VIEW rubric_current AS
SELECT * FROM rubric QUALIFY row_number() OVER (PARTITION BY rubric ORDER BY rowid DESC) = 1;

-- settings_sha256: identity of what decides the answers; facts: the engine and the machine's share in them.
CREATE TABLE rater (
    rater VARCHAR, provider VARCHAR, model VARCHAR, params JSON, answer VARCHAR, is_embedded BOOLEAN,
    weights_sha256 VARCHAR, settings_sha256 VARCHAR, facts JSON, added_at TIMESTAMP
);

CREATE VIEW rater_current AS
SELECT * FROM rater QUALIFY row_number() OVER (PARTITION BY rater ORDER BY rowid DESC) = 1;

CREATE TABLE run_start (run_id VARCHAR, started_at TIMESTAMP, scorer_version VARCHAR, plan_hash VARCHAR, plan JSON);

CREATE TABLE run_finish (run_id VARCHAR, finished_at TIMESTAMP, state VARCHAR, counts JSON);

CREATE VIEW run AS
SELECT s.run_id, s.started_at, f.finished_at, coalesce(f.state, 'unfinished') AS state, s.plan_hash, s.plan, f.counts,
    s.scorer_version
FROM run_start s
LEFT JOIN (
    SELECT * FROM run_finish QUALIFY row_number() OVER (PARTITION BY run_id ORDER BY rowid DESC) = 1
) f USING (run_id);

-- What came back -------------------------------------------------------------------------------------------------

CREATE TABLE rating (
    rating_id VARCHAR, run_id VARCHAR, task_id VARCHAR, rubric VARCHAR, rater VARCHAR, variant VARCHAR, repeat INTEGER,
    cell_hash VARCHAR, occasion VARCHAR, status VARCHAR, category VARCHAR, score DOUBLE, score_expected DOUBLE,
    probability_mass DOUBLE, confidence DOUBLE, rationale VARCHAR USING COMPRESSION zstd, evidence VARCHAR, blockers JSON, problem VARCHAR,
    derived_from VARCHAR, repairs_rating_id VARCHAR, statement_sha256 VARCHAR, rubric_sha256 VARCHAR,
    schema_sha256 VARCHAR, params_sent JSON, service_tier VARCHAR, request_id VARCHAR, finish_reason VARCHAR,
    served_model VARCHAR, system_fingerprint VARCHAR, input_tokens INTEGER, cached_tokens INTEGER,
    output_tokens INTEGER, reasoning_tokens INTEGER, cost_usd DOUBLE, attempts INTEGER, latency_ms DOUBLE,
    created_at TIMESTAMP, raw JSON USING COMPRESSION zstd
);

-- What people say ------------------------------------------------------------------------------------------------

CREATE TABLE label_set (
    name VARCHAR, kind VARCHAR, source VARCHAR, sha256 VARCHAR, credit VARCHAR, imported_at TIMESTAMP
);

CREATE VIEW label_set_current AS
SELECT * FROM label_set QUALIFY row_number() OVER (PARTITION BY name ORDER BY rowid DESC) = 1;

-- content_sha256: identity of everything said in a label but the time.
CREATE TABLE label (
    label_set VARCHAR, task_id VARCHAR, rubric VARCHAR, labeller VARCHAR, labeller_kind VARCHAR, origin VARCHAR,
    sample_id VARCHAR, inclusion_probability DOUBLE, category VARCHAR, score DOUBLE, note VARCHAR,
    statement_sha256 VARCHAR, created_at TIMESTAMP, content_sha256 VARCHAR
);

CREATE VIEW label_current AS
SELECT * FROM label
QUALIFY row_number() OVER (PARTITION BY label_set, task_id, rubric, labeller, origin ORDER BY rowid DESC) = 1;

-- What follows ---------------------------------------------------------------------------------------------------

CREATE TABLE evaluation (
    evaluation_id VARCHAR, created_at TIMESTAMP, label_sets VARCHAR[], policy VARCHAR, policy_hash VARCHAR, seed BIGINT,
    facts JSON
);

CREATE TABLE agreement (
    evaluation_id VARCHAR, rater VARCHAR, counterpart VARCHAR, rubric VARCHAR, stratum VARCHAR, metric VARCHAR,
    value DOUBLE, ci_low DOUBLE, ci_high DOUBLE, n INTEGER, reason_undefined VARCHAR
);

CREATE TABLE verdict (
    evaluation_id VARCHAR, rater VARCHAR, rubric VARCHAR, label_set VARCHAR, level VARCHAR, decision VARCHAR,
    reasons VARCHAR[], policy VARCHAR, policy_hash VARCHAR
);

-- For each rubric the latest evaluation that looked at it.
CREATE VIEW evaluation_current AS
SELECT rubric, evaluation_id, e.created_at
FROM (SELECT evaluation_id, rubric FROM verdict UNION SELECT evaluation_id, rubric FROM agreement)
JOIN evaluation e USING (evaluation_id)
QUALIFY row_number() OVER (PARTITION BY rubric ORDER BY e.created_at DESC, e.rowid DESC) = 1;

CREATE TABLE aggregation (
    aggregation_id VARCHAR, created_at TIMESTAMP, onet_release VARCHAR, weights VARCHAR, panel VARCHAR[],
    reduce VARCHAR, seed BIGINT, facts JSON
);

CREATE TABLE task_score (
    aggregation_id VARCHAR, task_id VARCHAR, rubric VARCHAR, rater VARCHAR, measure VARCHAR, score DOUBLE, n INTEGER,
    sd DOUBLE, status VARCHAR
);

CREATE TABLE task_consensus (
    aggregation_id VARCHAR, task_id VARCHAR, rubric VARCHAR, score DOUBLE, spread DOUBLE, n_raters INTEGER,
    rationale VARCHAR
);

CREATE TABLE occupation_score (
    aggregation_id VARCHAR, occupation_code VARCHAR, rubric VARCHAR, rater VARCHAR, measure VARCHAR, score DOUBLE,
    share_50 DOUBLE, ci_low DOUBLE, ci_high DOUBLE, rank_low INTEGER, rank_high INTEGER, n_tasks INTEGER,
    completeness DOUBLE, weights VARCHAR, status VARCHAR, reasons VARCHAR[]
);

CREATE TABLE disagreement (
    aggregation_id VARCHAR, task_id VARCHAR, rubric VARCHAR, spread DOUBLE, weight DOUBLE, priority DOUBLE,
    resolved_by VARCHAR
);
