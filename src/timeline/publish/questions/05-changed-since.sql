-- title: What changed since position N?
-- description: Everything appended behind a position of the log and what it did, corrections, retractions and merges included, newest first.
-- param: since = 0
SELECT position, recorded_at, recorded_by, what, event, title, field, old, new, reason
FROM changes
WHERE position > CAST(coalesce(nullif(:since, ''), '0') AS INTEGER)
ORDER BY position DESC, event
LIMIT 1000
