-- title: Meetings of a US Secretary of State with a Soviet or Russian foreign minister
-- description: Since 1945, in order. Who held an office on the day follows from the recorded terms of office; a counterpart whose office is not recorded is listed too, and says so.
-- param: from = 1945
-- param: office = office:us-secretary-of-state
-- param: their_office = office:ru-foreign-minister
WITH terms AS (
  SELECT subject AS office, state AS person,
    coalesce(valid_from, -9e9) AS since, coalesce(valid_to, 9e9) AS until
  FROM states
  WHERE machine = 'office_holder' AND known_to IS NULL AND state <> ''
),
meetings AS (
  SELECT number, id, date, edtf, start_min, end_max, title, place, certainty
  FROM current_events
  WHERE type IN ('meeting.held', 'call.held', 'negotiation.held', 'conference.held')
    AND start_min >= jdn(coalesce(nullif(:from, ''), '1945'))
)
SELECT m.id, m.date, m.title, a.entity AS secretary, b.entity AS counterpart,
  CASE WHEN theirs.office IS NOT NULL OR b.office IS NOT NULL
    THEN coalesce(b.office, theirs.office) ELSE 'not recorded' END AS their_office,
  m.place, m.certainty
FROM meetings m
JOIN participants a ON a.event = m.number
JOIN participants b ON b.event = m.number AND b.represents IN ('state:su', 'state:ru')
LEFT JOIN terms theirs ON theirs.person = b.entity
  AND theirs.since <= m.end_max AND theirs.until > m.start_min
  AND theirs.office = coalesce(nullif(:their_office, ''), 'office:ru-foreign-minister')
WHERE b.entity LIKE 'person:%'
  AND (a.office = coalesce(nullif(:office, ''), 'office:us-secretary-of-state')
    OR EXISTS (
      SELECT 1 FROM terms ours
      WHERE ours.person = a.entity AND ours.since <= m.end_max AND ours.until > m.start_min
        AND ours.office = coalesce(nullif(:office, ''), 'office:us-secretary-of-state')))
ORDER BY m.start_min, m.number, b.n
