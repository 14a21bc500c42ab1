-- `decided`: a person said what became of it, so its job may be made anew.
ALTER TABLE attempt ADD COLUMN decided INTEGER NOT NULL DEFAULT 0 CHECK (decided IN (0, 1));

-- Holds a row while the sums cannot be trusted; nothing may be paid until someone adopts them.
CREATE TABLE freeze (reason TEXT NOT NULL) STRICT;
