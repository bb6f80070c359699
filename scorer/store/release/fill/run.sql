SELECT run_id, started_at, finished_at, state, plan_hash, counts, scorer_version FROM run ORDER BY started_at, run_id
