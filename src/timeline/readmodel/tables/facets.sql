-- Which events have which value: compressed bitmaps (Roaring, portable form) of event numbers.
CREATE TABLE facet_bits (
  past INTEGER NOT NULL,             -- 0: events as they are, by number; 1: superseded versions, by rank
  dimension TEXT NOT NULL,           -- type, actor, topic, …; see facets/values.py
  value ANY NOT NULL,                -- text, or a year as an integer
  block INTEGER NOT NULL,            -- first number of the block; how long it is follows from the last number
  bits BLOB NOT NULL,                -- numbers in that block
  PRIMARY KEY (past, dimension, value, block)
) STRICT, WITHOUT ROWID;

-- How many events have which value.
CREATE TABLE facet_values (
  past INTEGER NOT NULL,             -- as in facet_bits
  dimension TEXT NOT NULL,           -- as in facet_bits
  value ANY NOT NULL,                -- as in facet_bits
  n_all INTEGER NOT NULL,            -- events, retracted and merged ones included
  n_standing INTEGER NOT NULL,       -- events that stand
  PRIMARY KEY (past, dimension, value)
) STRICT, WITHOUT ROWID;

-- Superseded versions counted through, in the order in which they were superseded.
CREATE TABLE facet_versions (
  rank INTEGER PRIMARY KEY,          -- dense, from 1, by known_to, then number
  number INTEGER NOT NULL,           -- the event's number
  known_from INTEGER NOT NULL,       -- as in event_versions
  known_to INTEGER NOT NULL          -- as in event_versions
) STRICT;

-- Events of the commonest words, as the full-text index had them when the file was built.
CREATE TABLE events_fts_words (
  word TEXT NOT NULL,                -- lower case; stands for every word that begins with it
  block INTEGER NOT NULL,            -- first number of the block, all of one length
  upto INTEGER NOT NULL,             -- last event number that was looked at
  bits BLOB NOT NULL,                -- as in facet_bits
  PRIMARY KEY (word, block)
) STRICT, WITHOUT ROWID;

-- Events whose text may have changed since.
CREATE TABLE events_fts_changed (
  number INTEGER PRIMARY KEY         -- the event's number
) STRICT;
