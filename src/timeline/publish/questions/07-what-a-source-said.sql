-- title: What exactly did a source say?
-- description: Every claim of one source, standing or withdrawn, with its quotation, its own word of doubt and where it differs from the working version.
-- param: source = 
SELECT e.id AS event, e.title, c.stance, c.basis, c.likelihood, c.hedge, c.claimant, c.said,
  c.locator, c.quote, c.fields, c.value AS differs, c.note, c.standing
FROM claims c
JOIN events e ON e.number = c.event
WHERE e.merged_into IS NULL
  AND (c.source = :source OR c.source IN (SELECT id FROM sources WHERE url = :source OR title = :source))
ORDER BY e.start_min, e.number, c.n
