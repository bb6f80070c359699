-- The exchanges of many ratings are alike but for the text of the task and the response. What they share (prompt, schema,
-- parameters) is kept once, as a frame: the parts of the JSON text of `rating.raw` around its gaps. Of a rating with a
-- frame, `raw` is the list of what fills them; of one without, the exchanges themselves, as ever.

CREATE TABLE exchange_frame (frame VARCHAR, parts VARCHAR[]);

ALTER TABLE rating ADD COLUMN frame VARCHAR;

CREATE MACRO refilled(parts, gaps) AS array_to_string(
    list_transform(parts, lambda part, place: part || coalesce((gaps->(place - 1)::INTEGER)::VARCHAR, '')), ''
);

CREATE VIEW rating_whole AS
SELECT r.* EXCLUDE (frame) REPLACE (
    CASE WHEN r.frame IS NULL THEN r.raw ELSE refilled(f.parts, r.raw)::JSON END AS raw
)
FROM rating r LEFT JOIN exchange_frame f ON f.frame = r.frame;
