-- Persons, organizations, states, treaties, places, offices, missions, cases.
CREATE TABLE entities (
  id TEXT PRIMARY KEY,               -- kind:slug
  kind TEXT NOT NULL,                -- what stands before the colon
  label TEXT NOT NULL,               -- first name of the record
  valid TEXT,                        -- when it existed, EDTF
  country TEXT,                      -- ISO 3166-1 alpha-2 code, lower case
  latitude REAL,
  longitude REAL,
  parent TEXT,
  successor_of TEXT,
  external_ids TEXT,                 -- JSON object: wikidata, geonames, iso3166_1, …
  data TEXT,                         -- JSON object
  retracted INTEGER NOT NULL,
  merged_into TEXT,                  -- id of the entity that it is an alias of
  first_position INTEGER NOT NULL,
  last_position INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- Every name of every entity, with its language and validity.
CREATE TABLE names (
  entity TEXT NOT NULL REFERENCES entities(id),
  n INTEGER NOT NULL,
  text TEXT NOT NULL,
  folded TEXT NOT NULL,              -- NFKC, case folded, without diacritics
  lang TEXT,
  kind TEXT,                         -- official, short, alias, former, native, code
  valid_from TEXT,                   -- EDTF, inclusive
  valid_to TEXT,                     -- EDTF, inclusive
  PRIMARY KEY (entity, n)
) STRICT, WITHOUT ROWID;

-- Documents and pages.
CREATE TABLE sources (
  id TEXT PRIMARY KEY,
  type TEXT,
  title TEXT NOT NULL,
  publisher TEXT,
  author TEXT,
  published TEXT,                    -- EDTF
  url TEXT,
  archived_url TEXT,
  sha256 TEXT,
  retrieved_at TEXT,
  language TEXT,
  copies TEXT,                       -- the source that it copies: one wire story printed by three papers
  root TEXT NOT NULL,                -- the source at the end of that chain; itself if it copies none
  reliability TEXT,                  -- Admiralty code A to F
  retracted INTEGER NOT NULL,
  first_position INTEGER NOT NULL,
  last_position INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
