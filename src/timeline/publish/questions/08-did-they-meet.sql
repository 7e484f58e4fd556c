-- title: Did two people meet in a place: who says yes, who says no, on what basis?
-- description: First the claims about a meeting of the two; then what other sources say that either did at that place within a week of it, so that silence can be seen.
-- param: one = person:sergey-lavrov
-- param: other = person:antony-blinken
-- param: place = malta
WITH named AS (
  SELECT coalesce(nullif(:one, ''), 'person:sergey-lavrov') AS one,
    coalesce(nullif(:other, ''), 'person:antony-blinken') AS other,
    '%' || coalesce(nullif(:place, ''), 'malta') || '%' AS place
),
there AS (
  SELECT e.*,
    EXISTS (SELECT 1 FROM participants p, named n WHERE p.event = e.number AND p.entity = n.one) AS has_one,
    EXISTS (SELECT 1 FROM participants p, named n WHERE p.event = e.number AND p.entity = n.other) AS has_other
  FROM current_events e, named n
  WHERE e.names LIKE n.place OR e.title LIKE n.place
),
meetings AS (
  SELECT * FROM there
  WHERE has_one AND has_other
    AND type IN ('meeting.held', 'call.held', 'negotiation.held')
),
told AS (
  SELECT '1 that they met' AS about, m.* FROM meetings m
  UNION ALL
  SELECT '2 what else is said of them there and then', t.* FROM there t
  WHERE (t.has_one OR t.has_other) AND t.number NOT IN (SELECT number FROM meetings)
    AND EXISTS (SELECT 1 FROM meetings m
      WHERE t.start_min <= m.end_max + 7 AND t.end_max >= m.start_min - 7)
)
SELECT t.about, t.id AS event, t.title, t.date, t.certainty, t.status,
  coalesce(s.title, c.source) AS source, s.reliability, c.stance, c.basis, c.likelihood, c.hedge,
  c.claimant, c.quote, c.note
FROM told t
JOIN claims c ON c.event = t.number AND c.standing = 1
LEFT JOIN sources s ON s.id = c.source
ORDER BY t.about, t.start_min, t.number, c.n
