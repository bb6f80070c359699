-- What was read of log-probabilities, beside what it came to; and how a probes rater is read.
ALTER TABLE rating ADD COLUMN readings JSON;
ALTER TABLE rater ADD COLUMN reading JSON;

CREATE OR REPLACE VIEW rater_current AS
SELECT * FROM rater QUALIFY row_number() OVER (PARTITION BY rater ORDER BY rowid DESC) = 1;
