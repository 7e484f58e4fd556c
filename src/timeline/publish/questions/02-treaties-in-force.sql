-- title: Which treaties stood between two states on a day, and by whose reading
-- description: The status of each treaty that both are party to, party by party; where somebody reads it otherwise, their reading stands beside it.
-- param: day = 2023-03-15
-- param: one = state:us
-- param: other = state:ru
WITH on_day AS (
  SELECT * FROM states
  WHERE machine = 'treaty_status' AND known_to IS NULL
    AND coalesce(valid_from, -9e9) <= jdn(coalesce(nullif(:day, ''), '2023-03-15'))
    AND coalesce(valid_to, 9e9) > jdn(coalesce(nullif(:day, ''), '2023-03-15'))
)
SELECT s.subject AS treaty, coalesce(t.label, s.subject) AS name, s.party,
  s.state AS status, s.uncertain, s.contested,
  json_extract(r.value, '$[0]') AS otherwise_read_by, json_extract(r.value, '$[1]') AS their_reading,
  s.events
FROM on_day s
LEFT JOIN entities t ON t.id = s.subject
LEFT JOIN json_each(s.readings) r
WHERE s.party IN (coalesce(nullif(:one, ''), 'state:us'), coalesce(nullif(:other, ''), 'state:ru'))
  AND (SELECT count(DISTINCT o.party) FROM on_day o WHERE o.subject = s.subject
    AND o.party IN (coalesce(nullif(:one, ''), 'state:us'), coalesce(nullif(:other, ''), 'state:ru'))) = 2
ORDER BY s.subject, s.party
