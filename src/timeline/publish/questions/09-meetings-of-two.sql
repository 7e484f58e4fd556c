-- title: When and where did two last meet, and how often a year?
-- description: Every event at which both took part, newest first, with how many there were in that year.
-- param: one = person:sergey-lavrov
-- param: other = person:john-kerry
SELECT e.id, e.date, e.title, e.type, e.place, e.certainty, e.year,
  count(*) OVER (PARTITION BY e.year) AS that_year
FROM current_events e
WHERE e.type IN ('meeting.held', 'call.held', 'negotiation.held')
  AND EXISTS (SELECT 1 FROM participants p WHERE p.event = e.number
    AND p.entity = coalesce(nullif(:one, ''), 'person:sergey-lavrov'))
  AND EXISTS (SELECT 1 FROM participants p WHERE p.event = e.number
    AND p.entity = coalesce(nullif(:other, ''), 'person:john-kerry'))
ORDER BY e.start_min DESC, e.number DESC
