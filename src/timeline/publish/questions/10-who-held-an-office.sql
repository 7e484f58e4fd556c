-- title: Who held an office on a day?
-- description: From the recorded terms of office, as known now; uncertain = 1 where the dates leave two answers.
-- param: office = office:us-secretary-of-state
-- param: day = 2010-06-01
SELECT s.subject AS office, s.state AS holder, e.label AS name,
  iso_day(s.valid_from) AS since, iso_day(s.valid_to - 1) AS until, s.uncertain, s.events
FROM states s
LEFT JOIN entities e ON e.id = s.state
WHERE s.machine = 'office_holder' AND s.known_to IS NULL AND s.state <> ''
  AND s.subject = coalesce(nullif(:office, ''), 'office:us-secretary-of-state')
  AND coalesce(s.valid_from, -9e9) <= jdn_last(coalesce(nullif(:day, ''), '2010-06-01'))
  AND coalesce(s.valid_to, 9e9) > jdn(coalesce(nullif(:day, ''), '2010-06-01'))
ORDER BY s.valid_from
