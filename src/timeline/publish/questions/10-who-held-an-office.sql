-- title: Who held an office on a day?
-- description: From the recorded terms of office, as known now; all who held it together, and both on a day of handing over. until is the last whole day; uncertain = 1 where the dates leave two answers.
-- param: office = office:us-secretary-of-state
-- param: day = 2010-06-01
SELECT s.subject AS office, holder.value AS holder, e.label AS name,
  coalesce((
    SELECT json_extract(b.data, '$.capacity')
    FROM state_events se
    JOIN current_events b ON b.number = se.event AND b.type = 'office.began'
    JOIN participants p ON p.event = b.number AND p.entity = holder.value AND p.role = 'appointee'
    WHERE se.machine = 'office_holder' AND se.subject = s.subject
      AND b.start_min <= jdn_last(coalesce(nullif(:day, ''), '2010-06-01'))
    ORDER BY b.start_min DESC, b.number DESC LIMIT 1
  ), 'full') AS capacity,
  iso_day(min(s.valid_from)) AS since,
  iso_day(max(coalesce(s.valid_to, 9000000000)) - 1) AS until,
  max(s.uncertain) AS uncertain, s.events
FROM states s, json_each(s.standings) AS way, json_each(way.value) AS holder
LEFT JOIN entities e ON e.id = holder.value
WHERE s.machine = 'office_holder' AND s.known_to IS NULL
  AND s.subject = coalesce(nullif(:office, ''), 'office:us-secretary-of-state')
  AND coalesce(s.valid_from, -9e9) <= jdn_last(coalesce(nullif(:day, ''), '2010-06-01'))
  AND coalesce(s.valid_to, 9e9) >= jdn(coalesce(nullif(:day, ''), '2010-06-01'))
GROUP BY s.subject, holder.value
ORDER BY max(coalesce(s.valid_to, 9000000000)), min(s.valid_from), holder.value
