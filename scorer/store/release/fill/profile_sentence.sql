SELECT p.occupation_code, p.rater, p.prompt, s.section, s.place,
    CASE WHEN getvariable('with_statements') THEN s.question END AS question,
    CASE WHEN getvariable('with_statements') THEN s.sentence END AS sentence, s.refs
FROM profile_current p
JOIN profile_sentence s USING (check_id)
WHERE s.is_shown AND p.occupation_code IN (SELECT occupation_code FROM outgoing.occupation)
ORDER BY p.occupation_code, p.rater, p.prompt, s.place
