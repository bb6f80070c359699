-- Share of an occupation's task weight that each blocker stands against.
CREATE TABLE blocker_share (
    aggregation_id VARCHAR, occupation_code VARCHAR, rubric VARCHAR, rater VARCHAR, blocker VARCHAR, share DOUBLE,
    n_tasks INTEGER, completeness DOUBLE, weights VARCHAR, status VARCHAR
);

-- Pay, employment and outlook as the Bureau of Labor Statistics prints them: one row per file and period in
-- labour_source, the latest one of a period counts. kind: wages, projections, crosswalk. A figure that is not a number
-- is NULL with the mark that stands in its place.
CREATE TABLE labour_source (
    source_id VARCHAR, kind VARCHAR, period VARCHAR, source VARCHAR, sha256 VARCHAR, row_count BIGINT, notes VARCHAR[],
    added_at TIMESTAMP
);

CREATE VIEW labour_source_current AS
SELECT * FROM labour_source QUALIFY row_number() OVER (PARTITION BY kind, period ORDER BY rowid DESC) = 1;

CREATE TABLE labour_wage (
    source_id VARCHAR, soc_code VARCHAR, title VARCHAR, employment BIGINT, employment_mark VARCHAR,
    median_wage_usd DOUBLE, median_wage_mark VARCHAR
);

CREATE TABLE labour_projection (
    source_id VARCHAR, nem_code VARCHAR, title VARCHAR, employment_base DOUBLE, employment_projected DOUBLE,
    growth_pct DOUBLE, growth_mark VARCHAR
);

CREATE TABLE labour_crosswalk (source_id VARCHAR, occupation_code VARCHAR, nem_code VARCHAR);

-- Occupations that O*NET does not have: each text of one is a catalogue release of its own (kind `custom`); here stand
-- the O*NET codes whose pay, employment, outlook, skills and technologies stand in for those it does not have.
CREATE TABLE custom_nearest (onet_release VARCHAR, occupation_code VARCHAR, nearest_code VARCHAR, place INTEGER);
