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
