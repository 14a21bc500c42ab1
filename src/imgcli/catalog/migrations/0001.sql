-- What people say of pictures, by the attempt that made each; `path` is where it was seen when it was marked.
CREATE TABLE mark (
  attempt TEXT NOT NULL CHECK (attempt <> ''),
  mark TEXT NOT NULL CHECK (mark <> ''),
  path TEXT NOT NULL,
  PRIMARY KEY (attempt, mark)
) STRICT;
