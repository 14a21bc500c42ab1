-- What the pictures look like: 64-bit difference hashes in hex; `path` is where each was when it was made.
CREATE TABLE likeness (
  sha256 TEXT PRIMARY KEY CHECK (length(sha256) = 64),
  dhash TEXT NOT NULL CHECK (length(dhash) = 16),
  path TEXT NOT NULL
) STRICT;
