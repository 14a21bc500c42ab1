-- What was found of a picture before it got its name, canonical JSON; empty where nothing was looked for.
ALTER TABLE attempt ADD COLUMN remarks TEXT NOT NULL DEFAULT '';
