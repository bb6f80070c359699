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

-- Occupations that O*NET does not have. Each text of one is a catalogue release of its own (kind `custom`); each adding
-- leaves a row in custom_use, and the latest one says which text is current. custom_nearest: the O*NET codes whose pay,
-- employment, outlook, skills and technologies stand in for those it does not have.
CREATE TABLE custom_use (occupation_code VARCHAR, onet_release VARCHAR, added_at TIMESTAMP);

CREATE VIEW custom_current AS
SELECT * FROM custom_use QUALIFY row_number() OVER (PARTITION BY occupation_code ORDER BY rowid DESC) = 1;

CREATE TABLE custom_nearest (onet_release VARCHAR, occupation_code VARCHAR, nearest_code VARCHAR, place INTEGER);

-- What counts for each O*NET occupation: found through the crosswalk. Where no crosswalk was imported the code is cut to
-- the seven characters of its SOC, which finds most of them; is_cut says so.
CREATE VIEW labour_current AS
WITH source AS (
    SELECT kind, period, source_id,
        row_number() OVER (PARTITION BY kind ORDER BY period DESC) AS place
    FROM labour_source_current
), code AS (
    SELECT c.occupation_code, c.nem_code, false AS is_cut
    FROM labour_crosswalk c JOIN source s ON s.source_id = c.source_id AND s.place = 1
    UNION ALL
    SELECT DISTINCT o.occupation_code, left(o.occupation_code, 7), true
    FROM occupation o
    WHERE NOT o.is_custom AND NOT EXISTS (SELECT 1 FROM source WHERE kind = 'crosswalk')
), paid AS (
    SELECT w.*, s.period, s.place FROM labour_wage w JOIN source s ON s.source_id = w.source_id
), projected AS (
    SELECT p.*, s.period FROM labour_projection p JOIN source s ON s.source_id = p.source_id AND s.place = 1
)
SELECT code.occupation_code, code.nem_code, code.is_cut, w.soc_code IS NOT NULL AS has_wages,
    w.employment, w.employment_mark, w.median_wage_usd, w.median_wage_mark,
    CASE WHEN w.soc_code IS NOT NULL THEN w.period::INTEGER END AS wage_year,
    p.growth_pct, p.growth_mark,
    CASE WHEN p.nem_code IS NOT NULL THEN p.period END AS projection_period,
    -- Cut-offs in percent over the ten years, on the figure as printed; the average of all occupations is 3.1 for 2024-34.
    CASE
        WHEN p.growth_pct <= -1 THEN 'declining'
        WHEN p.growth_pct < 1 THEN 'little change'
        WHEN p.growth_pct < 3 THEN 'slower than average'
        WHEN p.growth_pct < 5 THEN 'about average'
        WHEN p.growth_pct < 7 THEN 'faster than average'
        WHEN p.growth_pct >= 7 THEN 'much faster than average'
    END AS demand_trend,
    round((w.median_wage_usd / before.median_wage_usd - 1) * 100, 1) AS pay_change_pct,
    CASE WHEN w.median_wage_usd IS NOT NULL AND before.median_wage_usd IS NOT NULL
        THEN before.period || '-' || w.period END AS pay_change_period,
    CASE
        WHEN w.soc_code IS NULL THEN 'no wages of this occupation here'
        WHEN NOT EXISTS (SELECT 1 FROM source WHERE kind = 'wages' AND place = 2) THEN 'wages of one year only are here'
        WHEN before.soc_code IS NULL THEN 'not in the wages of the year before'
        WHEN w.median_wage_usd IS NULL THEN 'no number published for ' || w.period
        WHEN before.median_wage_usd IS NULL THEN 'no number published for ' || before.period
    END AS pay_change_reason
FROM code
LEFT JOIN paid w ON w.soc_code = code.nem_code AND w.place = 1
LEFT JOIN paid before ON before.soc_code = code.nem_code AND before.place = 2
LEFT JOIN projected p ON p.nem_code = code.nem_code;
