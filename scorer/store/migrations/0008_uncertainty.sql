-- How sure the numbers are: what varies, what labels by people correct, what other choices would change, and what was
-- drawn to be labelled.

ALTER TABLE occupation_score ADD COLUMN detectable_difference DOUBLE;
ALTER TABLE occupation_score ADD COLUMN band VARCHAR;

CREATE TABLE variance (
    aggregation_id VARCHAR, rubric VARCHAR, rater VARCHAR, measure VARCHAR, component VARCHAR, variance DOUBLE,
    share DOUBLE, df INTEGER, n_tasks INTEGER, n_raters INTEGER, n_variants INTEGER, n_repeats INTEGER,
    reason_undefined VARCHAR
);

CREATE TABLE group_score (
    aggregation_id VARCHAR, level VARCHAR, rubric VARCHAR, rater VARCHAR, measure VARCHAR, label_set VARCHAR,
    naive DOUBLE, corrected DOUBLE, ci_low DOUBLE, ci_high DOUBLE, power_tuning DOUBLE, n_labels INTEGER,
    n_tasks INTEGER, sampling VARCHAR, status VARCHAR, reason_undefined VARCHAR
);

CREATE TABLE multiverse (
    aggregation_id VARCHAR, rubric VARCHAR, is_main BOOLEAN, weights VARCHAR, raters VARCHAR, reduce VARCHAR,
    second_level DOUBLE, threshold DOUBLE, n_occupations INTEGER, mean DOUBLE, share_high DOUBLE, band_changed DOUBLE,
    decile_changed DOUBLE, rank_correlation DOUBLE
);

CREATE TABLE label_sample (
    sample_id VARCHAR, rubric VARCHAR, onet_release VARCHAR, task_id VARCHAR, stratum VARCHAR,
    inclusion_probability DOUBLE, spread DOUBLE, seed BIGINT, place INTEGER, drawn_at TIMESTAMP
);
