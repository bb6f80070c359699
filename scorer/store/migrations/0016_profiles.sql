-- The registry of AI tools and reports, and profiles: prose about occupations of which every sentence was checked.
CREATE TABLE evidence_registry (name VARCHAR, source VARCHAR, sha256 VARCHAR, entries INTEGER, imported_at TIMESTAMP);

CREATE TABLE evidence_entry (
    entry_id VARCHAR, kind VARCHAR, name VARCHAR, other_names VARCHAR[], publisher VARCHAR, address VARCHAR,
    dated VARCHAR, activities VARCHAR[], technologies VARCHAR[], says VARCHAR, registry VARCHAR, registry_sha256 VARCHAR,
    content_sha256 VARCHAR, imported_at TIMESTAMP
);

-- Of several entries of one id the one imported last counts.
CREATE VIEW evidence_current AS
SELECT * FROM evidence_entry QUALIFY row_number() OVER (PARTITION BY entry_id ORDER BY rowid DESC) = 1;

-- One going-through of a profile by the checker; the profile itself is a rating of `profile@1` about an occupation.
CREATE TABLE profile (
    check_id VARCHAR, profile_id VARCHAR, occupation_code VARCHAR, onet_release VARCHAR, rater VARCHAR, model VARCHAR,
    prompt VARCHAR, prompt_sha256 VARCHAR, method VARCHAR, status VARCHAR, problem VARCHAR, scores_rubric VARCHAR,
    scores_of VARCHAR, scores_status VARCHAR, facts_sha256 VARCHAR, checker VARCHAR, n_sentences INTEGER,
    n_refused INTEGER, written_at TIMESTAMP, checked_at TIMESTAMP
);

CREATE TABLE profile_sentence (
    check_id VARCHAR, section VARCHAR, place INTEGER, question VARCHAR, sentence VARCHAR, refs VARCHAR[],
    is_shown BOOLEAN, reason VARCHAR
);

-- The last check of the last profile of each occupation, rater and prompt.
CREATE VIEW profile_current AS
SELECT * FROM profile
QUALIFY row_number() OVER (PARTITION BY occupation_code, rater, prompt ORDER BY written_at DESC, rowid DESC) = 1;
