-- title: Which events have no exact day?
-- description: The date leaves more than one first or last day open, or its source doubts it.
SELECT id, date, edtf, precision, title, type, certainty,
  coalesce(end_max, start_min) - start_min + 1 AS days_it_may_span
FROM current_events
WHERE start_min IS NULL OR start_max IS NULL OR start_min <> start_max
  OR (end_state <> 'open' AND (end_min IS NULL OR end_max IS NULL OR end_min <> end_max))
  OR edtf GLOB '*[?~%]*'
ORDER BY start_min, number
