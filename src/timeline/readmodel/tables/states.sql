-- What stood from day to day, as it was known from record to record: folded, never written.
CREATE TABLE states (
  machine TEXT NOT NULL,             -- state machine of a vocabulary: treaty_status, office_holder, …
  subject TEXT NOT NULL,             -- whose state: the treaty, the office, the case
  party TEXT NOT NULL,               -- for which party; empty for the subject as a whole
  n INTEGER NOT NULL,                -- from 0, by known_from, then valid_from
  valid_from INTEGER,                -- first day, Julian Day Number, inclusive; NULL = always
  valid_to INTEGER,                  -- first day after it, exclusive; NULL = still
  known_from INTEGER NOT NULL,       -- log position from which it was known, inclusive
  known_to INTEGER,                  -- log position from which it no longer was, exclusive; NULL = still
  state TEXT NOT NULL,               -- the state, or who holds it; both in `a | b` where uncertain
  standings TEXT NOT NULL,           -- JSON array of arrays: by the earliest and by the latest dates
  uncertain INTEGER NOT NULL,        -- 1 where uncertain dates leave two answers
  contested INTEGER NOT NULL,        -- 1 where somebody reads it otherwise
  readings TEXT NOT NULL,            -- JSON array of [claimant, [state, …]]
  events TEXT NOT NULL,              -- JSON array of the events that made it
  unordered TEXT NOT NULL,           -- JSON array of events of one day whose order matters
  impossible TEXT NOT NULL,          -- JSON array of events that no state allowed
  PRIMARY KEY (machine, subject, party, n)
) STRICT, WITHOUT ROWID;

-- Which events bear on which subject's state, now or in some earlier version.
CREATE TABLE state_events (
  machine TEXT NOT NULL,             -- state machine of a vocabulary
  subject TEXT NOT NULL,             -- whose state
  event INTEGER NOT NULL REFERENCES events(number), -- the event's number
  PRIMARY KEY (machine, subject, event)
) STRICT, WITHOUT ROWID;

-- Who was ever said to continue whose standing; whether it holds stands in the entity.
CREATE TABLE successions (
  predecessor TEXT NOT NULL,         -- entity id
  successor TEXT NOT NULL,           -- entity id
  PRIMARY KEY (predecessor, successor)
) STRICT, WITHOUT ROWID;
