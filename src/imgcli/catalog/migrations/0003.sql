-- Copies that were made instead of pictures; `nano_usd` is what each saved, NULL where nobody knows.
CREATE TABLE reuse (
  id TEXT PRIMARY KEY CHECK (id <> ''),
  key TEXT NOT NULL,
  path TEXT NOT NULL,
  place TEXT NOT NULL,
  how TEXT NOT NULL,
  file TEXT NOT NULL,
  attempt TEXT NOT NULL,
  nano_usd INTEGER CHECK (nano_usd >= 0),
  at TEXT NOT NULL
) STRICT;

-- By what pictures of the ledger are found that are not the very ones. Made again from the ledger if it is lost.
CREATE TABLE alike (
  attempt TEXT PRIMARY KEY CHECK (attempt <> ''),
  rest TEXT NOT NULL,
  loose TEXT NOT NULL
) STRICT;
CREATE INDEX alike_by_loose ON alike (loose);
CREATE INDEX alike_by_rest ON alike (rest);

-- How far the ledger was read for them.
CREATE TABLE reading (
  what TEXT PRIMARY KEY,
  number INTEGER NOT NULL
) STRICT;

-- Where the words of a picture stand among others: float32, little-endian, of length 1, as `model` finds.
CREATE TABLE vector (
  attempt TEXT NOT NULL,
  model TEXT NOT NULL,
  data BLOB NOT NULL,
  PRIMARY KEY (attempt, model)
) STRICT;
