-- The log itself, line by line, in log order.
CREATE TABLE records (
  position INTEGER PRIMARY KEY,      -- from 0
  id TEXT NOT NULL,                  -- UUIDv7, or UUIDv5 of an importer
  kind TEXT NOT NULL,                -- event, claim, correction, retraction, merge, relation, entity, source, …
  subject TEXT NOT NULL,             -- what it is about: event, entity, source or record id
  recorded_at TEXT NOT NULL,         -- UTC
  known_at TEXT NOT NULL,            -- highest recorded_at up to here
  recorded_by TEXT NOT NULL,         -- who wrote it down
  batch TEXT,                        -- import run
  effective INTEGER NOT NULL,        -- 0 where a later record that stands retracts or supersedes it
  line TEXT NOT NULL                 -- the stored bytes
) STRICT;

-- Which later record points at which earlier one, to retract or supersede it.
CREATE TABLE targets (
  target INTEGER NOT NULL,           -- position of the earlier record
  position INTEGER NOT NULL,         -- position of the later record
  PRIMARY KEY (target, position)
) STRICT, WITHOUT ROWID;

-- Which records speak of which subject (claims and corrections of an event, assessments of a source, …).
CREATE TABLE subjects (
  subject TEXT NOT NULL,             -- id of an event, entity or source
  position INTEGER NOT NULL,         -- the record that speaks of it
  PRIMARY KEY (subject, position)
) STRICT, WITHOUT ROWID;

-- Import runs.
CREATE TABLE batches (
  id TEXT PRIMARY KEY,               -- name of the run; timeline undo takes it
  first_position INTEGER NOT NULL,   -- its first record
  last_position INTEGER NOT NULL,    -- its last record
  n_records INTEGER NOT NULL,        -- how many records it appended
  recorded_by TEXT NOT NULL,         -- who ran it
  recorded_at TEXT NOT NULL,         -- when its first record was written down, UTC
  withdrawn INTEGER NOT NULL         -- 1 where a standing retraction withdraws it
) STRICT, WITHOUT ROWID;

-- Records that say nothing here, and why.
CREATE TABLE problems (
  position INTEGER NOT NULL,         -- the record
  rule TEXT NOT NULL,                -- duplicate-id, dangling, cycle, second-merge, …
  message TEXT NOT NULL,             -- why, in words
  PRIMARY KEY (position, rule, message)
) STRICT, WITHOUT ROWID;

-- What this file was made from.
CREATE TABLE archive (
  key TEXT PRIMARY KEY,              -- schema, cursor, size
  value TEXT NOT NULL                -- text or JSON
) STRICT, WITHOUT ROWID;
