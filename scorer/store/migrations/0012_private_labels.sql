-- Label sets that are never handed out, and what raters remember of published ones.

ALTER TABLE label_set ADD COLUMN is_private BOOLEAN DEFAULT false;

-- Once private, always private: no later import opens a set.
DROP VIEW label_set_current;
CREATE VIEW label_set_current AS
SELECT * REPLACE (coalesce(bool_or(is_private) OVER (PARTITION BY name), false) AS is_private)
FROM label_set QUALIFY row_number() OVER (PARTITION BY name ORDER BY rowid DESC) = 1;

-- The labels that a release may hold.
CREATE VIEW label_public AS
SELECT l.* FROM label_current l ANTI JOIN (SELECT name FROM label_set_current WHERE is_private) s ON s.name = l.label_set;

CREATE TABLE contamination (
    rater VARCHAR, model VARCHAR, label_set VARCHAR, rubric VARCHAR, probe VARCHAR, prompt VARCHAR,
    prompt_sha256 VARCHAR, own DOUBLE, control DOUBLE, difference DOUBLE, ci_low DOUBLE, ci_high DOUBLE, n INTEGER,
    n_unusable INTEGER, seed BIGINT, finding VARCHAR, reason_undefined VARCHAR, asked_at TIMESTAMP
);

CREATE VIEW contamination_current AS
SELECT * FROM contamination
QUALIFY row_number() OVER (PARTITION BY rater, label_set, rubric, probe ORDER BY rowid DESC) = 1;
