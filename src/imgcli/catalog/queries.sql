-- has --
SELECT 1 FROM mark WHERE attempt = :attempt AND mark = :mark

-- mark --
INSERT INTO mark (attempt, mark, path) VALUES (:attempt, :mark, :path)
ON CONFLICT (attempt, mark) DO UPDATE SET path = excluded.path

-- unmark --
DELETE FROM mark WHERE attempt = :attempt AND mark = :mark

-- marked --
SELECT attempt, path FROM mark WHERE mark = :mark ORDER BY rowid
