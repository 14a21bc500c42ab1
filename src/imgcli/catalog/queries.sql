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

-- note_reuse --
INSERT INTO reuse (id, key, path, place, how, file, attempt, nano_usd, at)
VALUES (:id, :key, :path, :place, :how, :file, :attempt, :nano_usd, :at)
ON CONFLICT (id) DO NOTHING

-- savings --
SELECT count(*) AS pictures, coalesce(sum(nano_usd), 0) AS nano_usd, count(*) - count(nano_usd) AS unknown FROM reuse

-- reused --
SELECT * FROM reuse ORDER BY rowid

-- liken --
INSERT INTO alike (attempt, rest, loose) VALUES (:attempt, :rest, :loose)
ON CONFLICT (attempt) DO UPDATE SET rest = excluded.rest, loose = excluded.loose

-- read_to --
INSERT INTO reading (what, number) VALUES ('ledger', :number)
ON CONFLICT (what) DO UPDATE SET number = excluded.number

-- read --
SELECT coalesce(max(number), 0) FROM reading WHERE what = 'ledger'

-- alike --
SELECT attempt FROM alike WHERE loose = :loose ORDER BY rowid DESC LIMIT :most

-- keep_vector --
INSERT INTO vector (attempt, model, data) VALUES (:attempt, :model, :data)
ON CONFLICT (attempt, model) DO UPDATE SET data = excluded.data

-- vectors --
SELECT vector.attempt, vector.data FROM vector JOIN alike USING (attempt)
WHERE alike.rest = :rest AND vector.model = :model ORDER BY alike.rowid DESC LIMIT :most

-- rate --
INSERT INTO stars (attempt, stars) VALUES (:attempt, :stars)
ON CONFLICT (attempt) DO UPDATE SET stars = excluded.stars

-- unrate --
DELETE FROM stars WHERE attempt = :attempt

-- tag --
INSERT INTO tagged (attempt, tag) VALUES (:attempt, :tag) ON CONFLICT DO NOTHING

-- untag --
DELETE FROM tagged WHERE attempt = :attempt AND tag = :tag

-- marks_of --
SELECT attempt, mark FROM mark WHERE attempt IN (SELECT value FROM json_each(:attempts))

-- stars_of --
SELECT attempt, stars FROM stars WHERE attempt IN (SELECT value FROM json_each(:attempts))

-- tags_of --
SELECT attempt, tag FROM tagged WHERE attempt IN (SELECT value FROM json_each(:attempts)) ORDER BY rowid

-- indexed_to --
INSERT INTO reading (what, number) VALUES ('pictures', :number)
ON CONFLICT (what) DO UPDATE SET number = excluded.number

-- indexed --
SELECT coalesce(max(number), 0) FROM reading WHERE what = 'pictures'

-- read_none --
DELETE FROM reading

-- await_none --
DELETE FROM awaited

-- await --
INSERT INTO awaited (attempt) VALUES (:attempt) ON CONFLICT DO NOTHING

-- awaited --
SELECT attempt FROM awaited ORDER BY attempt

-- number_of --
SELECT number FROM picture WHERE attempt = :attempt

-- copies_of --
SELECT * FROM reuse WHERE attempt = :attempt ORDER BY rowid

-- known --
SELECT value FROM known WHERE kind = :kind UNION SELECT tag FROM tagged WHERE :kind = 'tag' ORDER BY 1
