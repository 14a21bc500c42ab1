-- An attempt may bring words instead of a picture: it holds and spends money like any other, and no picture.
ALTER TABLE attempt ADD COLUMN pictures INTEGER NOT NULL DEFAULT 1 CHECK (pictures IN (0, 1));
CREATE INDEX attempt_for_words ON attempt (key) WHERE pictures = 0;
