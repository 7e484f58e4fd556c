-- Events that stand: neither retracted nor merged away.
CREATE VIEW current_events AS
SELECT * FROM events WHERE retracted = 0 AND merged_into IS NULL;

-- Everything that happened to the archive's events, additions included.
CREATE VIEW changes AS
SELECT c.position, e.id AS event, e.title, c.what, c.field, c.old, c.new, c.reason,
  r.recorded_at, r.recorded_by, r.batch
FROM event_changes c JOIN events e ON e.number = c.event JOIN records r ON r.position = c.position
UNION ALL
SELECT e.first_position, e.id, e.title, 'added', NULL, NULL, NULL, NULL,
  r.recorded_at, r.recorded_by, r.batch
FROM events e JOIN records r ON r.position = e.first_position;

-- Every version of every event: known_from <= R and (known_to IS NULL or R < known_to).
CREATE VIEW event_history AS
SELECT number, id, revision, known_from, NULL AS known_to, type, title, summary, status, date, edtf,
  start_min, start_max, end_min, end_max, end_state, day, year, precision, place, country,
  latitude, longitude, actors, topics, certainty, likelihood, n_claims, n_sources, n_roots,
  best_reliability, contested, disputed, conflicts, retracted, merged_into, review, language, data
FROM events
UNION ALL
SELECT number, id, revision, known_from, known_to, type, title, summary, status, date, edtf,
  start_min, start_max, end_min, end_max, end_state, day, year, precision, place, country,
  latitude, longitude, actors, topics, certainty, likelihood, n_claims, n_sources, n_roots,
  best_reliability, contested, disputed, conflicts, retracted, merged_into, review, language, data
FROM event_versions;

-- Fields on which standing claims differ, side by side.
CREATE VIEW contradictions AS
SELECT e.id AS event, e.title, f.field, f.value, f.affirms, c.source, s.root, c.claimant, c.stance,
  c.likelihood, c.hedge, c.basis
FROM claim_fields f
JOIN events e ON e.number = f.event
JOIN claims c ON c.event = f.event AND c.n = f.n
LEFT JOIN sources s ON s.id = c.source
WHERE e.retracted = 0 AND c.standing = 1 AND c.stance IN ('asserts', 'implies')
  AND EXISTS (SELECT 1 FROM json_each(e.contested) WHERE json_each.value = f.field);

-- Events that rest on one root of reliability D or worse, or on no graded source at all.
CREATE VIEW weak_events AS
SELECT id, title, edtf, certainty, n_sources, n_roots, best_reliability
FROM current_events
WHERE n_roots <= 1 AND (best_reliability IS NULL OR best_reliability >= 'D');

-- Pairs of standing events of one type and day where one names nobody whom the other does not.
CREATE VIEW duplicate_candidates AS
SELECT a.id AS event, b.id AS other, a.type, a.edtf, a.title, b.title AS other_title,
  count(*) AS shared_participants
FROM events a
JOIN events b ON b.start_min = a.start_min AND b.type = a.type AND b.number > a.number
JOIN participants p ON p.event = a.number AND p.entity IS NOT NULL
JOIN participants q ON q.event = b.number AND q.entity = p.entity
WHERE a.retracted = 0 AND b.retracted = 0 AND a.merged_into IS NULL AND b.merged_into IS NULL
GROUP BY a.number, b.number
HAVING count(DISTINCT p.entity) >= min(
  (SELECT count(DISTINCT entity) FROM participants WHERE event = a.number),
  (SELECT count(DISTINCT entity) FROM participants WHERE event = b.number));

-- Names that no entity answers to, with how often they occur.
CREATE VIEW unresolved_names AS
SELECT name, 'participant' AS used_as, count(*) AS n_events FROM participants
WHERE entity IS NULL GROUP BY name
UNION ALL
SELECT name, 'place', count(*) FROM event_places WHERE place IS NULL GROUP BY name;
