-- title: Which rows look like the same event twice?
-- description: Pairs of standing events of one type that begin on one day and share participants; those that share most come first. Merge them, or retract one as a duplicate.
SELECT event, other, type, edtf, title, other_title, shared_participants
FROM duplicate_candidates
ORDER BY shared_participants DESC, edtf, event
LIMIT 1000
