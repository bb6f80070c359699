-- What O*NET says of occupations beside their tasks. fact_source: one row per table of a release; a kind without a row
-- was not in the files that were imported, which is not the same as an empty table.

CREATE TABLE fact_source (
    onet_release VARCHAR, kind VARCHAR, source VARCHAR, sha256 VARCHAR, row_count BIGINT, notes VARCHAR[],
    added_at TIMESTAMP
);

CREATE TABLE occupation_skill (
    onet_release VARCHAR, occupation_code VARCHAR, element_id VARCHAR, element VARCHAR, importance DOUBLE, level DOUBLE
);

CREATE TABLE occupation_technology (
    onet_release VARCHAR, occupation_code VARCHAR, example VARCHAR, category VARCHAR, is_hot BOOLEAN,
    is_in_demand BOOLEAN
);

CREATE TABLE alternate_title (
    onet_release VARCHAR, occupation_code VARCHAR, title VARCHAR, short_title VARCHAR
);

CREATE TABLE related_occupation (
    onet_release VARCHAR, occupation_code VARCHAR, related_code VARCHAR, place INTEGER, tier VARCHAR
);

CREATE TABLE task_activity (onet_release VARCHAR, task_id VARCHAR, activity_id VARCHAR, activity VARCHAR);

-- O*NET-SOC 2010 codes and those that took them over in 2019; several on either side.
CREATE TABLE code_succession (code_2010 VARCHAR, code_2019 VARCHAR);
