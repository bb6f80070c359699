SELECT * EXCLUDE (content_sha256, imported_at) FROM evidence_current ORDER BY entry_id
