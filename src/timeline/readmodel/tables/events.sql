-- What the archive believes now: one row an event, retracted and merged ones included.
CREATE TABLE events (
  number INTEGER PRIMARY KEY,        -- dense, from 1, in log order of the event's first record
  id TEXT NOT NULL,                  -- the event's own id; never used again for another event
  type TEXT NOT NULL,                -- term of a vocabulary: subject.past-verb
  title TEXT NOT NULL,               -- what happened, in a few words
  summary TEXT,                      -- in a sentence or two
  status TEXT NOT NULL,              -- held, scheduled, cancelled, postponed, unconfirmed, hypothetical
  date TEXT NOT NULL,                -- the date in words
  edtf TEXT NOT NULL,                -- the date in EDTF, ISO 8601-2:2019
  start_min INTEGER,                 -- earliest day it can have begun; Julian Day Number, inclusive
  start_max INTEGER,                 -- latest day it can have begun
  end_min INTEGER,                   -- earliest day it can have ended
  end_max INTEGER,                   -- latest day it can have ended
  end_state TEXT NOT NULL,           -- empty, open (goes on) or unknown
  day TEXT,                          -- the ISO day, where the date is exactly one day
  year INTEGER,                      -- year of start_min; astronomical (0 = 1 BCE)
  precision TEXT NOT NULL,           -- how exact the date is: day, month, season, year, decade, …
  place TEXT,                        -- first place: entity id, or the name where none is known
  country TEXT,                      -- ISO 3166-1 alpha-2 code of the first place, lower case
  latitude REAL,                     -- of the first place that has coordinates, degrees north
  longitude REAL,                    -- degrees east
  actors TEXT NOT NULL,              -- JSON array of participants: entity ids, or names where none is known
  topics TEXT NOT NULL,              -- JSON array of topics
  certainty TEXT NOT NULL,           -- confirmed, probable, possible, doubtful, improbable, unknown
  likelihood INTEGER,                -- highest of the standing asserting claims, percent (ICD 203)
  n_claims INTEGER NOT NULL,         -- standing claims
  n_sources INTEGER NOT NULL,        -- distinct sources of the standing claims
  n_roots INTEGER NOT NULL,          -- distinct roots of those that assert it: independence
  best_reliability TEXT,             -- best grade of a source that asserts it, Admiralty code A to F
  contested TEXT NOT NULL,           -- JSON array of the fields on which standing claims differ
  disputed INTEGER NOT NULL,         -- 1 where some claims assert it and others deny it
  conflicts INTEGER NOT NULL,        -- corrections whose old value was not the value found
  retracted INTEGER NOT NULL,        -- 1 where it no longer stands
  merged_into TEXT,                  -- id of the event that it is an alias of
  review TEXT,                       -- draft or checked
  language TEXT,                     -- BCP 47 tag of title and summary
  data TEXT,                         -- JSON object: the fields of its type
  places TEXT NOT NULL,              -- JSON array of all places: entity ids, or names where none is known
  roots TEXT NOT NULL,               -- JSON array of the roots of the sources that affirm it
  names TEXT NOT NULL,               -- names of participants and places, for full-text search
  quotes TEXT NOT NULL,              -- quotations of its standing claims, for full-text search
  revision INTEGER NOT NULL,         -- number of this version, from 1: ID@r2 is a fixed one
  known_from INTEGER NOT NULL,       -- position of the record that made it so
  first_position INTEGER NOT NULL,   -- position of the event's first record
  last_position INTEGER NOT NULL     -- position of the last record that touched it
) STRICT;

-- What the archive believed before: every superseded row of `events`, for known_from <= R < known_to.
CREATE TABLE event_versions (
  number INTEGER NOT NULL,           -- the event's number
  known_from INTEGER NOT NULL,       -- position from which it was believed, inclusive
  known_to INTEGER NOT NULL,         -- position from which it no longer was, exclusive
  id TEXT NOT NULL, type TEXT NOT NULL, title TEXT NOT NULL, summary TEXT, status TEXT NOT NULL,
  date TEXT NOT NULL, edtf TEXT NOT NULL,
  start_min INTEGER, start_max INTEGER, end_min INTEGER, end_max INTEGER, end_state TEXT NOT NULL,
  day TEXT, year INTEGER, precision TEXT NOT NULL, place TEXT, country TEXT, latitude REAL, longitude REAL,
  actors TEXT NOT NULL, topics TEXT NOT NULL, certainty TEXT NOT NULL, likelihood INTEGER,
  n_claims INTEGER NOT NULL, n_sources INTEGER NOT NULL, n_roots INTEGER NOT NULL, best_reliability TEXT,
  contested TEXT NOT NULL, disputed INTEGER NOT NULL, conflicts INTEGER NOT NULL,
  retracted INTEGER NOT NULL, merged_into TEXT, review TEXT, language TEXT, data TEXT,
  places TEXT NOT NULL, roots TEXT NOT NULL,
  names TEXT NOT NULL, quotes TEXT NOT NULL, revision INTEGER NOT NULL,
  first_position INTEGER NOT NULL, last_position INTEGER NOT NULL,
  PRIMARY KEY (number, known_from)
) STRICT, WITHOUT ROWID;
