-- title: What happened certainly, and what possibly, in a week?
-- description: Both days count. Certainly: whatever its date means, it was under way on one of these days. Possibly: its date allows it.
-- param: from = 2024-12-02
-- param: to = 2024-12-08
SELECT CASE WHEN start_max <= jdn_last(coalesce(nullif(:to, ''), '2024-12-08'))
    AND (end_state = 'open' OR end_min >= jdn(coalesce(nullif(:from, ''), '2024-12-02')))
  THEN 'certainly' ELSE 'possibly' END AS then_it_happened,
  id, date, title, type, certainty, status
FROM current_events
WHERE coalesce(start_min, -9e9) <= jdn_last(coalesce(nullif(:to, ''), '2024-12-08'))
  AND coalesce(end_max, 9e9) >= jdn(coalesce(nullif(:from, ''), '2024-12-02'))
  AND status = 'held'
ORDER BY then_it_happened, start_min, number
