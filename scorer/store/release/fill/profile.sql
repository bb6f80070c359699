-- Whatever may quote a statement goes with the statements.
SELECT p.occupation_code, p.rater, p.prompt, p.method, p.status,
    CASE WHEN getvariable('with_statements') THEN p.problem END AS problem,
    p.n_sentences, p.n_refused, p.checker, p.scores_rubric, p.scores_of, p.scores_status, p.onet_release, p.facts_sha256,
    p.prompt_sha256, p.profile_id, r.cell_hash, r.params_sent, r.served_model, r.request_id, r.finish_reason,
    r.input_tokens, r.output_tokens, r.cost_usd, r.attempts, r.latency_ms, p.written_at AS created_at, p.checked_at,
    CASE WHEN getvariable('with_statements') THEN r.raw END AS raw
FROM profile_current p
JOIN rating_whole r ON r.rating_id = p.profile_id
WHERE p.occupation_code IN (SELECT occupation_code FROM outgoing.occupation)
ORDER BY p.occupation_code, p.rater, p.prompt
