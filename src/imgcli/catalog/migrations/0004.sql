-- What people think of pictures beside marks. Tags put on later stand beside those a picture was made with.
CREATE TABLE stars (
  attempt TEXT PRIMARY KEY CHECK (attempt <> ''),
  stars INTEGER NOT NULL CHECK (stars BETWEEN 1 AND 5)
) STRICT;
CREATE TABLE tagged (
  attempt TEXT NOT NULL CHECK (attempt <> ''),
  tag TEXT NOT NULL CHECK (tag <> ''),
  PRIMARY KEY (attempt, tag)
) STRICT;
CREATE INDEX tagged_by_tag ON tagged (tag);
CREATE INDEX mark_by_mark ON mark (mark);

-- Every picture of the ledger by what it is searched for; made again from the ledger if it is lost.
CREATE TABLE picture (
  number INTEGER PRIMARY KEY,
  attempt TEXT NOT NULL UNIQUE,
  created_at TEXT NOT NULL,
  run TEXT NOT NULL,
  directory TEXT NOT NULL,
  id TEXT NOT NULL,
  cost INTEGER NOT NULL
) STRICT;
CREATE INDEX picture_by_run ON picture (run);
CREATE INDEX picture_by_directory ON picture (directory);
CREATE INDEX picture_by_time ON picture (created_at);
CREATE INDEX picture_by_cost ON picture (cost);

-- `facets` holds one made-up word for each style, tag, model and the like; texts are not kept, only found by.
CREATE VIRTUAL TABLE words USING fts5 (
  typed, directed, revised, facets, content='', tokenize = "unicode61 remove_diacritics 2", prefix = '2 3'
);
