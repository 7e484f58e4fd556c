-- The log itself, line by line, in log order.
CREATE TABLE records (
  position INTEGER PRIMARY KEY,      -- from 0
  id TEXT NOT NULL,
  kind TEXT NOT NULL,
  subject TEXT NOT NULL,             -- what it is about: event, entity, source or record id
  recorded_at TEXT NOT NULL,         -- UTC
  known_at TEXT NOT NULL,            -- highest recorded_at up to here
  recorded_by TEXT NOT NULL,
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
  position INTEGER NOT NULL,
  PRIMARY KEY (subject, position)
) STRICT, WITHOUT ROWID;

-- Import runs.
CREATE TABLE batches (
  id TEXT PRIMARY KEY,
  first_position INTEGER NOT NULL,
  last_position INTEGER NOT NULL,
  n_records INTEGER NOT NULL,
  recorded_by TEXT NOT NULL,
  recorded_at TEXT NOT NULL,
  withdrawn INTEGER NOT NULL         -- 1 where a standing retraction withdraws it
) STRICT, WITHOUT ROWID;

-- Records that say nothing here, and why.
CREATE TABLE problems (
  position INTEGER NOT NULL,
  rule TEXT NOT NULL,                -- duplicate-id, dangling, cycle, second-merge, …
  message TEXT NOT NULL,
  PRIMARY KEY (position, rule, message)
) STRICT, WITHOUT ROWID;

-- What this file was made from.
CREATE TABLE archive (
  key TEXT PRIMARY KEY,              -- schema, cursor, size
  value TEXT NOT NULL
) STRICT, WITHOUT ROWID;
