-- title: Where do sources contradict each other, and in which field?
-- description: Every standing value of every contested field, with who gives it; affirms = 1 is the archive's working version.
SELECT event, title, field, value, affirms, source, root, claimant, stance, likelihood, hedge, basis
FROM contradictions
ORDER BY event, field, affirms DESC, source
