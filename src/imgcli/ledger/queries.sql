-- enter_run --
INSERT INTO run (id, command, user, host, pid, began_at) VALUES (:id, :command, :user, :host, :pid, :at)

-- end_run --
UPDATE run SET ended_at = :at WHERE id = :id

-- run --
SELECT * FROM run WHERE id = :id

-- frozen --
SELECT reason FROM freeze

-- freeze --
INSERT INTO freeze (reason) VALUES (:reason)

-- thaw --
DELETE FROM freeze

-- enter_job --
INSERT INTO job (run, key, position, body) VALUES (:run, :key, :position, :body)

-- count_jobs --
SELECT count(*) FROM job WHERE run = :run

-- enter_attempt --
INSERT INTO attempt (id, run, owner, key, state, provider, user, tags, day, month, upper, priced, rates,
                     directory, name, created_at, imgcli, pictures)
VALUES (:id, :run, :run, :key, 'reserved', :provider, :user, :tags, :day, :month, :upper, :priced, :rates,
        :directory, :name, :at, :imgcli, :pictures)
RETURNING *, (SELECT body FROM job WHERE job.run = attempt.run AND job.key = attempt.key) AS body

-- step --
UPDATE attempt
SET state = :after, posted = coalesce(:posted, posted), overrun = max(0, coalesce(:posted, posted, 0) - upper),
    received_at = coalesce(:received_at, received_at), picture = coalesce(:picture, picture),
    painted = coalesce(:painted, painted), reason = coalesce(:reason, reason), flags = coalesce(:flags, flags),
    decided = coalesce(:decided, decided), remarks = coalesce(:remarks, remarks)
WHERE id = :id AND state = :before AND decided = 0 AND (owner = :owner OR state IN ('uncertain', 'moderated', 'posted'))
RETURNING *

-- rename --
UPDATE attempt SET name = :name WHERE id = :id AND state = 'received'

-- settle_aside --
UPDATE attempt SET name = :name, remarks = :remarks WHERE id = :id AND state = 'settled'

-- set_aside --
SELECT attempt.*, job.body FROM attempt JOIN job USING (run, key)
WHERE state = 'settled' AND remarks <> '' AND json_extract(remarks, '$.aside') = :aside
ORDER BY attempt.created_at, attempt.id

-- claim --
UPDATE attempt SET owner = :owner WHERE id = :id AND owner = :before

-- attempt --
SELECT attempt.*, job.body FROM attempt JOIN job USING (run, key) WHERE id = :id

-- state_of --
SELECT state FROM attempt WHERE id = :id

-- made --
SELECT attempt.*, job.body FROM attempt JOIN job USING (run, key)
WHERE attempt.key = :key AND attempt.directory = :directory AND state = 'settled'
ORDER BY attempt.rowid DESC LIMIT 1

-- of_key --
SELECT attempt.*, job.body FROM attempt JOIN job USING (run, key)
WHERE attempt.key = :key AND state = 'settled' AND pictures > 0 ORDER BY attempt.rowid DESC LIMIT :most

-- settled_after --
SELECT attempt.rowid AS number, attempt.*, job.body FROM attempt JOIN job USING (run, key)
WHERE attempt.rowid > :after AND state = 'settled' AND pictures > 0 ORDER BY attempt.rowid LIMIT :most

-- last_attempt --
SELECT coalesce(max(rowid), 0) FROM attempt

-- indexable --
SELECT attempt.rowid AS number, attempt.id, attempt.created_at, attempt.run, attempt.directory, attempt.provider,
       attempt.posted, attempt.painted, attempt.picture, job.body
FROM attempt JOIN job USING (run, key)
WHERE attempt.rowid > :after AND state = 'settled' AND pictures > 0 ORDER BY attempt.rowid LIMIT :most

-- indexable_of --
SELECT attempt.rowid AS number, attempt.id, attempt.created_at, attempt.run, attempt.directory, attempt.provider,
       attempt.posted, attempt.painted, attempt.picture, job.body
FROM attempt JOIN job USING (run, key)
WHERE attempt.id IN (SELECT value FROM json_each(:awaited)) AND state = 'settled' AND pictures > 0
ORDER BY attempt.rowid

-- under_way --
SELECT id FROM attempt
WHERE state IN ('reserved', 'sent', 'received', 'saved') AND pictures > 0
  AND ((rowid > :after AND rowid <= :seen) OR id IN (SELECT value FROM json_each(:awaited)))

-- first_unfinished --
SELECT min(rowid) FROM attempt WHERE state IN ('reserved', 'sent', 'received', 'saved') AND pictures > 0

-- open --
SELECT attempt.*, job.body FROM attempt JOIN job USING (run, key)
WHERE attempt.key = :key AND attempt.directory = :directory AND decided = 0
  AND state IN ('reserved', 'sent', 'received', 'saved', 'uncertain', 'moderated', 'posted')
ORDER BY attempt.rowid DESC LIMIT 1

-- answered --
SELECT attempt.*, job.body FROM attempt JOIN job USING (run, key)
WHERE attempt.key = :key AND pictures = 0 AND (painted <> '' OR (decided = 0 AND state <> 'voided'))
ORDER BY painted = '', attempt.rowid DESC LIMIT 1

-- seen --
SELECT coalesce(max(rowid), 0) FROM attempt WHERE key = :key AND directory = :directory AND state <> 'voided'

-- finals_of --
SELECT attempt.*, job.body FROM attempt JOIN job USING (run, key)
WHERE json_extract(job.body, '$.draft') IN (SELECT value FROM json_each(:drafts)) AND state <> 'voided'
  AND (decided = 0 OR state = 'settled')
ORDER BY attempt.created_at, attempt.id

-- again_of --
SELECT attempt.*, job.body FROM attempt JOIN job USING (run, key)
WHERE json_extract(job.body, '$.again') IN (SELECT value FROM json_each(:attempts)) AND state <> 'voided'
  AND (decided = 0 OR state = 'settled')
ORDER BY attempt.created_at, attempt.id

-- rival --
SELECT 1 FROM attempt JOIN job USING (run, key)
WHERE attempt.rowid > :planned AND attempt.key <> :key AND json_extract(job.body, '$.again') = :again
  AND state <> 'voided' AND (decided = 0 OR state = 'settled')
LIMIT 1

-- drafts_of --
SELECT attempt.*, job.body FROM attempt JOIN job USING (run, key)
WHERE attempt.run IN (SELECT value FROM json_each(:runs)) AND state = 'settled'
  AND json_extract(job.body, '$.wanted') IS NOT NULL
ORDER BY attempt.created_at, attempt.id

-- in_state --
SELECT attempt.*, job.body FROM attempt JOIN job USING (run, key)
WHERE state = :state ORDER BY created_at, id

-- records_of --
SELECT attempt.*, job.body FROM attempt JOIN job USING (run, key)
WHERE attempt.id IN (SELECT value FROM json_each(:attempts))

-- charges --
SELECT attempt.day, attempt.user, attempt.provider,
       json_extract(job.body, '$.model', '$.quality', '$.prompt.styles', '$.wanted.quality') AS look,
       attempt.tags, run.command, attempt.directory, attempt.pictures, attempt.state, attempt.decided,
       coalesce(attempt.posted, 0) AS posted,
       CASE WHEN attempt.state IN ('reserved', 'sent') THEN attempt.upper ELSE 0 END AS held
FROM attempt JOIN job USING (run, key) JOIN run ON run.id = attempt.run
WHERE attempt.day >= :since AND (:until = '' OR attempt.day < :until)

-- in_vain --
SELECT attempt.rowid AS number, attempt.*, job.body FROM attempt JOIN job USING (run, key)
WHERE pictures = 1 AND state IN ('posted', 'voided', 'moderated', 'uncertain')
  AND attempt.rowid < coalesce((SELECT rowid FROM attempt WHERE id = :before), 9223372036854775807)
  AND (:run = '' OR (attempt.run >= :run AND attempt.run < :run || char(1114111)))
ORDER BY attempt.rowid DESC LIMIT :most

-- before --
SELECT max(id) FROM attempt WHERE id < :id

-- behind --
SELECT min(id) FROM attempt WHERE id > :id

-- begun --
SELECT attempt.*, job.body FROM attempt JOIN job USING (run, key)
WHERE attempt.id >= :beginning AND attempt.id < :beginning || char(1114111) ORDER BY attempt.id DESC LIMIT :most

-- revised --
SELECT attempt.rowid AS number, attempt.*, job.body FROM attempt JOIN job USING (run, key)
WHERE attempt.rowid > :after AND pictures > 0
  AND CASE WHEN json_valid(painted) THEN json_extract(painted, '$.revised') END <> ''
ORDER BY attempt.rowid LIMIT :most

-- unresolved --
SELECT attempt.*, job.body FROM attempt JOIN job USING (run, key)
WHERE state IN ('uncertain', 'moderated', 'posted') AND decided = 0 ORDER BY attempt.created_at, attempt.id

-- pictured --
SELECT attempt.*, job.body FROM attempt JOIN job USING (run, key)
WHERE state IN ('received', 'saved', 'settled')
  AND (:below IS NULL OR attempt.directory = :below OR substr(attempt.directory, 1, length(:inside)) = :inside)
ORDER BY attempt.created_at, attempt.id

-- daily --
SELECT day,
       coalesce(sum(posted) FILTER (WHERE state NOT IN ('uncertain', 'moderated')), 0) AS spent,
       coalesce(sum(upper) FILTER (WHERE state IN ('reserved', 'sent')), 0) AS held,
       coalesce(sum(posted) FILTER (WHERE state IN ('uncertain', 'moderated')), 0) AS uncertain,
       count(*) FILTER (WHERE state IN ('received', 'saved', 'settled')) AS pictures
FROM attempt WHERE provider = :provider AND pictures > 0 GROUP BY day ORDER BY day

-- unfinished --
SELECT attempt.*, job.body FROM attempt JOIN job USING (run, key)
WHERE state IN ('reserved', 'sent', 'received', 'saved') AND owner <> :owner ORDER BY created_at, id

-- spending --
SELECT coalesce(sum(posted) FILTER (WHERE state NOT IN ('uncertain', 'moderated')), 0) AS spent,
       coalesce(sum(upper) FILTER (WHERE state IN ('reserved', 'sent')), 0) AS held,
       coalesce(sum(posted) FILTER (WHERE state IN ('uncertain', 'moderated')), 0) AS uncertain,
       count(*) FILTER (WHERE state IN ('received', 'saved', 'settled')) AS pictures
FROM attempt WHERE :run IS NULL OR run = :run

-- last_event --
SELECT seq, at, hash FROM event ORDER BY seq DESC LIMIT 1

-- events --
SELECT seq, at, attempt, kind, body, hash FROM event ORDER BY seq

-- story --
SELECT seq, at, attempt, kind, body, hash FROM event WHERE substr(attempt, 1, length(:attempt)) = :attempt ORDER BY seq

-- enter_event --
INSERT INTO event (seq, at, attempt, kind, body, hash) VALUES (:seq, :at, :attempt, :kind, :body, :hash)

-- budgets --
SELECT scope, subject, span, usd, pictures FROM budget ORDER BY scope, subject, span

-- set_budget --
INSERT INTO budget (scope, subject, span, usd, pictures) VALUES (:scope, :subject, :span, :usd, :pictures)
ON CONFLICT (scope, subject, span) DO UPDATE SET usd = excluded.usd, pictures = excluded.pictures

-- remove_budget --
DELETE FROM budget WHERE scope = :scope AND subject = :subject AND span = :span

-- forget_counters --
DELETE FROM counter WHERE scope = :scope AND budget_subject = :subject AND span = :span

-- weigh_attempts --
SELECT coalesce(sum(upper) FILTER (WHERE state IN ('reserved', 'sent')), 0) AS held,
       coalesce(sum(posted - overrun), 0) AS spent,
       coalesce(sum(overrun), 0) AS overrun,
       coalesce(sum(pictures) FILTER (WHERE state IN ('reserved', 'sent')), 0) AS held_pictures,
       coalesce(sum(pictures) FILTER (WHERE state IN ('received', 'saved', 'settled', 'uncertain', 'moderated',
                                                      'posted')), 0) AS spent_pictures
FROM attempt
WHERE CASE :span WHEN 'total' THEN 1 WHEN 'day' THEN day = :span_key
                 WHEN 'month' THEN month = :span_key ELSE run = :span_key END
  AND CASE :scope WHEN 'all' THEN 1 WHEN 'user' THEN user IN (:subject, :unknown)
                   WHEN 'provider' THEN provider = :subject
                   ELSE EXISTS (SELECT 1 FROM json_each(tags) WHERE value = :subject) END

-- open_counter --
INSERT INTO counter (scope, budget_subject, span, subject, span_key, usd_cap, usd_floor, pictures_cap, pictures_floor,
                     held, spent, overrun, held_pictures, spent_pictures)
VALUES (:scope, :budget_subject, :span, :subject, :span_key, :usd, :held + :spent, :pictures,
        :held_pictures + :spent_pictures, :held, :spent, :overrun, :held_pictures, :spent_pictures)
ON CONFLICT DO NOTHING

-- counters --
SELECT rowid, * FROM counter WHERE (span, span_key) IN (VALUES ('run', :run), ('day', :day), ('month', :month),
                                                        ('total', ''))

-- hold --
UPDATE counter SET held = held + :upper, held_pictures = held_pictures + :pictures
WHERE rowid = :rowid
  AND (usd_cap IS NULL OR :upper = 0 OR held + spent + overrun + :upper <= usd_cap)
  AND (pictures_cap IS NULL OR :pictures = 0 OR held_pictures + spent_pictures + 1 <= pictures_cap)

-- shift --
UPDATE counter
SET held = held + :held, spent = spent + :spent, overrun = overrun + :overrun,
    held_pictures = held_pictures + :held_pictures, spent_pictures = spent_pictures + :spent_pictures
WHERE rowid = :rowid

-- find_counter --
SELECT * FROM counter WHERE scope = :scope AND budget_subject = :budget_subject AND span = :span
  AND subject = :subject AND span_key = :span_key

-- subjects --
SELECT CASE :scope WHEN 'user' THEN user ELSE provider END AS subject FROM attempt
WHERE :scope <> 'tag'
  AND CASE :span WHEN 'total' THEN 1 WHEN 'day' THEN day = :span_key WHEN 'month' THEN month = :span_key END
UNION
SELECT value FROM attempt, json_each(tags)
WHERE :scope = 'tag'
  AND CASE :span WHEN 'total' THEN 1 WHEN 'day' THEN day = :span_key WHEN 'month' THEN month = :span_key END
ORDER BY subject
