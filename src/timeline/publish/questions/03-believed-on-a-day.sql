-- title: What did we believe on a past day?
-- description: Events as the archive held them at the end of a day (UTC), whose title or id holds a word; beside it what it holds now.
-- param: as_of = 2024-01-01
-- param: word = 
WITH moment AS (
  SELECT max(position) AS position FROM records
  WHERE known_at <= coalesce(nullif(:as_of, ''), '2024-01-01') || 'T23:59:59.999999Z'
)
SELECT h.id, h.revision, h.title, h.date, h.certainty, h.retracted,
  e.revision AS revision_now, e.title AS title_now, e.date AS date_now, e.retracted AS retracted_now
FROM event_history h
JOIN moment m ON h.known_from <= m.position AND (h.known_to IS NULL OR m.position < h.known_to)
JOIN events e ON e.number = h.number
WHERE :word IS NULL OR h.title LIKE '%' || :word || '%' OR h.id LIKE '%' || :word || '%'
ORDER BY h.start_min, h.number
