-- Indices that others have published about occupations, as they were imported; the latest import of a name counts.
CREATE TABLE published_index (
    import_id VARCHAR, index_name VARCHAR, occupation_code VARCHAR, score DOUBLE
);

CREATE TABLE index_source (
    import_id VARCHAR, index_name VARCHAR, source VARCHAR, sha256 VARCHAR, credit VARCHAR, added_at TIMESTAMP
);

CREATE VIEW index_source_current AS
SELECT * FROM index_source QUALIFY row_number() OVER (PARTITION BY index_name ORDER BY rowid DESC) = 1;

-- How our scores go together with them, by aggregation.
CREATE TABLE concordance (
    aggregation_id VARCHAR, index_name VARCHAR, rubric VARCHAR, rater VARCHAR, measure VARCHAR, metric VARCHAR,
    value DOUBLE, ci_low DOUBLE, ci_high DOUBLE, n INTEGER, n_index INTEGER, n_ours INTEGER, joined_by VARCHAR,
    reason_undefined VARCHAR
);
