-- title: Which events rest on one root of reliability D or worse?
-- description: Several papers that print one story are one root. Leave the grade empty for D; - shows those whose source nobody has graded.
-- param: grade = D
SELECT id, title, edtf, certainty, n_sources, n_roots, best_reliability
FROM weak_events
WHERE CASE coalesce(nullif(:grade, ''), 'D')
  WHEN '-' THEN best_reliability IS NULL
  ELSE best_reliability >= upper(coalesce(nullif(:grade, ''), 'D')) END
ORDER BY best_reliability DESC, id
