-- Attempts that brought no picture are few among those that did, and are listed the newest first.
CREATE INDEX attempt_in_vain ON attempt (pictures) WHERE state IN ('posted', 'voided', 'moderated', 'uncertain');
