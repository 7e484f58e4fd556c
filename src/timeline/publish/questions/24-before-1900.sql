-- title: Everything before 1900, in order, BCE too
-- description: Year 0 is 1 BCE, year -43 is 44 BCE.
-- param: before = 1900
SELECT id, date, edtf, year, title, type, place, certainty
FROM current_events
WHERE start_min < jdn(coalesce(nullif(:before, ''), '1900'))
ORDER BY start_min, number
