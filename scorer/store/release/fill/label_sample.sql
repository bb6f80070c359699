SELECT * FROM label_sample ORDER BY drawn_at, sample_id, place
