-- Who took part, in the order of the record.
CREATE TABLE participants (
  event INTEGER NOT NULL REFERENCES events(number), -- the event's number
  n INTEGER NOT NULL,                -- from 0
  entity TEXT,                       -- entity id; the survivor where entities were merged
  name TEXT,                         -- as written, where no entity is known
  role TEXT,                         -- role that the event's type names
  office TEXT,                       -- office held: the record's `as`
  represents TEXT,                   -- state or organization spoken for: the record's `for`
  PRIMARY KEY (event, n)
) STRICT, WITHOUT ROWID;

-- What it was about.
CREATE TABLE event_topics (
  topic TEXT NOT NULL,               -- a word such as arms-control
  event INTEGER NOT NULL REFERENCES events(number), -- the event's number
  PRIMARY KEY (topic, event)
) STRICT, WITHOUT ROWID;

-- Where it happened, in the order of the record.
CREATE TABLE event_places (
  event INTEGER NOT NULL REFERENCES events(number), -- the event's number
  n INTEGER NOT NULL,                -- from 0
  place TEXT,                        -- entity id; the survivor where entities were merged
  name TEXT,                         -- as written, where no entity is known
  precision TEXT,                    -- venue, city, admin, country, region, unknown
  PRIMARY KEY (event, n)
) STRICT, WITHOUT ROWID;

-- How events hang together; only relations that stand.
CREATE TABLE relations (
  event INTEGER NOT NULL REFERENCES events(number), -- the event's number
  relation TEXT NOT NULL,            -- part_of, follows, in_response_to, caused_by, implements, …
  target TEXT NOT NULL,              -- id of the other event
  position INTEGER NOT NULL,         -- record that states it
  PRIMARY KEY (event, relation, target, position)
) STRICT, WITHOUT ROWID;

-- Events to which one was related in an earlier version and is not now.
CREATE TABLE former_relations (
  event INTEGER NOT NULL REFERENCES events(number), -- the event's number
  target TEXT NOT NULL,              -- id of the other event
  PRIMARY KEY (event, target)
) STRICT, WITHOUT ROWID;

-- What each record did to an event after the one that added it, field by field.
CREATE TABLE event_changes (
  event INTEGER NOT NULL REFERENCES events(number), -- the event's number
  position INTEGER NOT NULL,         -- the record that did it
  n INTEGER NOT NULL,                -- from 0 within that record and event
  what TEXT NOT NULL,                -- claimed, corrected, retracted, restored, merged, unmerged, related, assessed, superseded
  field TEXT,                        -- JSON Pointer; empty where no field changed
  old TEXT,                          -- JSON value before
  new TEXT,                          -- JSON value after
  reason TEXT,                       -- the record's reason
  PRIMARY KEY (event, position, n)
) STRICT, WITHOUT ROWID;
