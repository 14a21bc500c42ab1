-- has --
SELECT 1 FROM mark WHERE attempt = :attempt AND mark = :mark

-- mark --
INSERT INTO mark (attempt, mark, path) VALUES (:attempt, :mark, :path)
ON CONFLICT (attempt, mark) DO UPDATE SET path = excluded.path

-- unmark --
DELETE FROM mark WHERE attempt = :attempt AND mark = :mark

-- marked --
SELECT attempt, path FROM mark WHERE mark = :mark ORDER BY rowid

-- remember_likeness --
INSERT INTO likeness (sha256, dhash, path) VALUES (:sha256, :dhash, :path)
ON CONFLICT (sha256) DO UPDATE SET dhash = excluded.dhash, path = excluded.path

-- likenesses --
SELECT sha256, dhash, path FROM likeness ORDER BY rowid
