-- What each source says of an event, standing or withdrawn.
CREATE TABLE claims (
  event INTEGER NOT NULL REFERENCES events(number), -- the event's number
  n INTEGER NOT NULL,                -- from 0, in log order
  position INTEGER NOT NULL,         -- the record that holds it
  source TEXT NOT NULL REFERENCES sources(id), -- who says so: id of the source
  claimant TEXT,                     -- who says it, if not the source: entity id or name
  stance TEXT NOT NULL,              -- asserts, denies, implies, questions, silent
  likelihood TEXT NOT NULL,          -- the claimant's, an ICD 203 term, or certain, possible, unstated
  likelihood_percent INTEGER,        -- STIX 2.1 mapping of that term
  hedge TEXT,                        -- the claimant's very word
  basis TEXT NOT NULL,               -- witnessed, documented, official_record, reported, inferred, speculated, unstated
  credibility INTEGER,               -- of the information, Admiralty code 1 to 6
  said TEXT,                         -- when it was said, EDTF
  locator TEXT,                      -- page, row, XML id
  quote TEXT,                        -- the source's own words
  quote_language TEXT,               -- their language, BCP 47
  translation TEXT,                  -- of the quotation
  fields TEXT,                       -- JSON array of pointers that it speaks to; NULL = all
  value TEXT,                        -- JSON object of the fields in which it differs
  note TEXT,                         -- what the record adds in words
  standing INTEGER NOT NULL,         -- 0 where it was retracted
  PRIMARY KEY (event, n)
) STRICT, WITHOUT ROWID;

-- Claims field by field, affirmations too, for the fields on which some claim speaks apart.
CREATE TABLE claim_fields (
  event INTEGER NOT NULL REFERENCES events(number), -- the event's number
  field TEXT NOT NULL,               -- JSON Pointer
  n INTEGER NOT NULL,                -- the claim's number in its event
  value TEXT,                        -- JSON value that it gives
  affirms INTEGER NOT NULL,          -- 1 where that is the working version
  PRIMARY KEY (event, field, n)
) STRICT, WITHOUT ROWID;

-- Sources that claimed an event in an earlier version and do not now: corrected, superseded, un-merged.
CREATE TABLE former_claims (
  event INTEGER NOT NULL REFERENCES events(number), -- the event's number
  source TEXT NOT NULL,              -- source id
  PRIMARY KEY (event, source)
) STRICT, WITHOUT ROWID;
