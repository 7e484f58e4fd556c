-- Persons, organizations, states, treaties, places, offices, missions, cases.
CREATE TABLE entities (
  id TEXT PRIMARY KEY,               -- kind:slug
  kind TEXT NOT NULL,                -- what stands before the colon
  label TEXT NOT NULL,               -- first name of the record
  valid TEXT,                        -- when it existed, EDTF
  country TEXT,                      -- ISO 3166-1 alpha-2 code, lower case
  latitude REAL,                     -- degrees north
  longitude REAL,                    -- degrees east
  parent TEXT,                       -- id of what it is a part of
  successor_of TEXT,                 -- id of whom it continues
  external_ids TEXT,                 -- JSON object: wikidata, geonames, iso3166_1, …
  data TEXT,                         -- JSON object
  retracted INTEGER NOT NULL,        -- 1 where it no longer stands
  merged_into TEXT,                  -- id of the entity that it is an alias of
  first_position INTEGER NOT NULL,   -- position of its first record
  last_position INTEGER NOT NULL     -- position of the last record that touched it
) STRICT, WITHOUT ROWID;

-- Every name of every entity, with its language and validity.
CREATE TABLE names (
  entity TEXT NOT NULL REFERENCES entities(id), -- whose name it is
  n INTEGER NOT NULL,                -- from 0, in the order of the record
  text TEXT NOT NULL,                -- as it is written
  folded TEXT NOT NULL,              -- NFKC, case folded, without diacritics
  lang TEXT,                         -- BCP 47
  kind TEXT,                         -- official, short, alias, former, native, code
  valid_from TEXT,                   -- EDTF, inclusive
  valid_to TEXT,                     -- EDTF, inclusive
  PRIMARY KEY (entity, n)
) STRICT, WITHOUT ROWID;

-- Documents and pages.
CREATE TABLE sources (
  id TEXT PRIMARY KEY,               -- src:slug
  type TEXT,                         -- what it is: web_page, newspaper, dataset, …
  title TEXT NOT NULL,               -- of the page or document
  publisher TEXT,                    -- who put it out
  author TEXT,                       -- who wrote it
  published TEXT,                    -- EDTF
  url TEXT,                          -- where it is
  archived_url TEXT,                 -- where a copy is kept
  sha256 TEXT,                       -- of the bytes that were read, hexadecimal
  retrieved_at TEXT,                 -- when it was read, EDTF
  language TEXT,                     -- BCP 47
  copies TEXT,                       -- the source that it copies: one wire story printed by three papers
  root TEXT NOT NULL,                -- the source at the end of that chain; itself if it copies none
  reliability TEXT,                  -- Admiralty code A to F
  retracted INTEGER NOT NULL,        -- 1 where it no longer stands
  first_position INTEGER NOT NULL,   -- position of its first record
  last_position INTEGER NOT NULL     -- position of the last record that touched it
) STRICT, WITHOUT ROWID;

-- Parents, predecessors and copied sources that entities and sources had in an earlier version and have not now.
CREATE TABLE former_kin (
  subject TEXT NOT NULL,             -- id of the entity or source
  other TEXT NOT NULL,               -- id of the other one
  PRIMARY KEY (subject, other)
) STRICT, WITHOUT ROWID;
