-- Of several ratings of one asking the newest usable one counts, and where none is usable the newest: the one with the
-- greatest weight. A rating whose answer was read again (by a newer reader, nothing was sent) gives its place to the
-- rating that came of it.

CREATE MACRO weight(status, created_at, place) AS
    row(status IN ('rated', 'cannot_judge'), created_at, place);

CREATE VIEW rating_reread AS
SELECT DISTINCT derived_from AS rating_id FROM rating WHERE derived_from = repairs_rating_id;
