-- title: What did we correct or retract, why, by whom, and how long had it stood?
-- description: Newest first. How long: from the record that had set the value to the one that changed it, in days.
SELECT c.position, r.recorded_at, r.recorded_by, e.id AS event, e.title, c.what, c.field, c.old, c.new,
  c.reason, json_extract(r.line, '$.note') AS because,
  round(julianday(r.known_at) - julianday(before.known_at), 1) AS stood_days
FROM event_changes c
JOIN events e ON e.number = c.event
JOIN records r ON r.position = c.position
JOIN records before ON before.position = coalesce(
  (SELECT max(p.position) FROM event_changes p
    WHERE p.event = c.event AND p.field = c.field AND p.position < c.position),
  e.first_position)
WHERE c.what IN ('corrected', 'retracted')
ORDER BY c.position DESC, c.event, c.n
LIMIT 1000
