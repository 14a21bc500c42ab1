-- Every picture of the ledger by what it is searched for; made again from the ledger if it is lost. The words stand in
-- a table of FTS5, which `search.py` makes: not every SQLite has it, and marks are to work with each.
DROP TABLE IF EXISTS words;
DROP TABLE IF EXISTS picture;
DELETE FROM reading WHERE what = 'pictures';
CREATE TABLE picture (
  number INTEGER PRIMARY KEY,
  attempt TEXT NOT NULL UNIQUE,
  created_at TEXT NOT NULL,
  run TEXT NOT NULL,
  directory TEXT NOT NULL,
  cost INTEGER NOT NULL
) STRICT;

-- Every style, tag, model, day and the like that some picture has.
CREATE TABLE known (
  kind TEXT NOT NULL,
  value TEXT NOT NULL,
  PRIMARY KEY (kind, value)
) STRICT, WITHOUT ROWID;

CREATE INDEX reuse_by_attempt ON reuse (attempt);

-- Attempts that were under way when the ledger was read past them.
CREATE TABLE awaited (attempt TEXT PRIMARY KEY) STRICT;
