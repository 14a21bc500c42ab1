CREATE TABLE run (
  id TEXT PRIMARY KEY,
  command TEXT NOT NULL,
  user TEXT NOT NULL,
  host TEXT NOT NULL,
  pid INTEGER NOT NULL,
  began_at TEXT NOT NULL,
  ended_at TEXT
) STRICT;

CREATE TABLE job (
  run TEXT NOT NULL REFERENCES run,
  key TEXT NOT NULL,
  position INTEGER NOT NULL,
  body TEXT NOT NULL,
  PRIMARY KEY (run, key)
) STRICT;

-- Money is nano-USD. `posted` is NULL while the hold stands; `overrun` is the part of it above `upper`.
CREATE TABLE attempt (
  id TEXT PRIMARY KEY,
  run TEXT NOT NULL REFERENCES run,
  owner TEXT NOT NULL,
  key TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('reserved', 'sent', 'received', 'saved', 'settled',
                                       'posted', 'voided', 'moderated', 'uncertain')),
  provider TEXT NOT NULL,
  user TEXT NOT NULL,
  tags TEXT NOT NULL,
  day TEXT NOT NULL,
  month TEXT NOT NULL,
  upper INTEGER NOT NULL CHECK (upper >= 0),
  priced INTEGER NOT NULL,
  rates TEXT NOT NULL,
  posted INTEGER CHECK (posted >= 0),
  overrun INTEGER NOT NULL DEFAULT 0 CHECK (overrun >= 0),
  directory TEXT NOT NULL,
  name TEXT NOT NULL,
  created_at TEXT NOT NULL,
  received_at TEXT NOT NULL DEFAULT '',
  picture TEXT NOT NULL DEFAULT '',
  painted TEXT NOT NULL DEFAULT '',
  reason TEXT NOT NULL DEFAULT '',
  flags TEXT NOT NULL DEFAULT '[]',
  imgcli TEXT NOT NULL,
  FOREIGN KEY (run, key) REFERENCES job
) STRICT;
CREATE INDEX attempt_by_key ON attempt (key, directory);
CREATE INDEX attempt_unfinished ON attempt (owner) WHERE state IN ('reserved', 'sent', 'received', 'saved');
CREATE INDEX attempt_open ON attempt (state) WHERE state IN ('uncertain', 'moderated');
CREATE INDEX attempt_by_day ON attempt (day);

CREATE TABLE budget (
  scope TEXT NOT NULL CHECK (scope IN ('all', 'user', 'tag', 'provider')),
  subject TEXT NOT NULL,
  span TEXT NOT NULL CHECK (span IN ('run', 'day', 'month', 'total')),
  usd INTEGER CHECK (usd >= 0),
  pictures INTEGER CHECK (pictures >= 0),
  PRIMARY KEY (scope, subject, span)
) STRICT;

-- One row for each budget, subject and window that was touched. The cap is kept by the database itself: no
-- commit can leave held + spent above it. `floor` is what was there already when a cap was set below it.
-- The cap of a single run (`--max-cost`) is a counter whose budget_subject is the run.
CREATE TABLE counter (
  scope TEXT NOT NULL,
  budget_subject TEXT NOT NULL,
  span TEXT NOT NULL,
  subject TEXT NOT NULL,
  span_key TEXT NOT NULL,
  usd_cap INTEGER,
  usd_floor INTEGER NOT NULL,
  pictures_cap INTEGER,
  pictures_floor INTEGER NOT NULL,
  held INTEGER NOT NULL CHECK (held >= 0),
  spent INTEGER NOT NULL CHECK (spent >= 0),
  overrun INTEGER NOT NULL CHECK (overrun >= 0),
  held_pictures INTEGER NOT NULL CHECK (held_pictures >= 0),
  spent_pictures INTEGER NOT NULL CHECK (spent_pictures >= 0),
  PRIMARY KEY (scope, budget_subject, span, subject, span_key),
  CHECK (usd_cap IS NULL OR held + spent <= max(usd_cap, usd_floor)),
  CHECK (pictures_cap IS NULL OR held_pictures + spent_pictures <= max(pictures_cap, pictures_floor))
) STRICT;

CREATE TABLE event (
  seq INTEGER PRIMARY KEY,
  at TEXT NOT NULL,
  attempt TEXT NOT NULL,
  kind TEXT NOT NULL,
  body TEXT NOT NULL,
  hash TEXT NOT NULL
) STRICT;
CREATE TRIGGER event_is_written_once BEFORE UPDATE ON event BEGIN
  SELECT RAISE(ABORT, 'events are append-only');
END;
CREATE TRIGGER event_is_never_deleted BEFORE DELETE ON event BEGIN
  SELECT RAISE(ABORT, 'events are append-only');
END;
