-- The current release and the custom occupations whole; of older texts only those that ratings, labels or reviews refer to and the current release no
-- longer has, each once, from the newest release that has it. Where the words of others stay away, so do occupations that nobody asked about:
-- of their tasks no more than a hash would be left.
WITH here AS (
    SELECT getvariable('onet_release') AS onet_release
    UNION SELECT onet_release FROM custom_current
), referred AS (
    SELECT DISTINCT task_id, statement_sha256 FROM rating
    UNION SELECT DISTINCT task_id, statement_sha256 FROM label_public
    UNION SELECT task_id, statement_sha256 FROM review_event
), older AS (
    SELECT t.* FROM task t
    WHERE t.onet_release NOT IN (SELECT onet_release FROM here)
        AND EXISTS (
            SELECT 1 FROM referred r
            WHERE r.task_id = t.task_id AND r.statement_sha256 = t.statement_sha256
        )
        AND NOT EXISTS (
            SELECT 1 FROM task c
            WHERE c.onet_release IN (SELECT onet_release FROM here) AND c.task_id = t.task_id
                AND c.statement_sha256 = t.statement_sha256
        )
    QUALIFY row_number() OVER (PARTITION BY t.task_id, t.statement_sha256 ORDER BY t.onet_release DESC) = 1
), unstated AS (
    SELECT t.* FROM task t
    WHERE t.task_id IN (SELECT task_id FROM referred WHERE statement_sha256 IS NULL)
        AND t.task_id NOT IN (SELECT task_id FROM task WHERE onet_release IN (SELECT onet_release FROM here))
        AND t.task_id NOT IN (SELECT task_id FROM older)
    QUALIFY row_number() OVER (PARTITION BY t.task_id ORDER BY t.onet_release DESC) = 1
), chosen AS (
    SELECT *, true AS is_current FROM task WHERE onet_release IN (SELECT onet_release FROM here)
    UNION ALL SELECT *, false FROM older
    UNION ALL SELECT *, false FROM unstated
)
SELECT task_id, onet_release, is_current, occupation_code,
    CASE WHEN getvariable('with_statements') THEN statement END AS statement,
    statement_sha256, kind, importance, relevance, frequency
FROM chosen
WHERE getvariable('with_statements')
    OR occupation_code IN (SELECT occupation_code FROM chosen JOIN referred USING (task_id))
ORDER BY is_current DESC, occupation_code, task_id
