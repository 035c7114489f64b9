-- What else is told of a minute: attempts that back off, burials, scheduled tasks that became due.
ALTER TABLE throughput ADD COLUMN retried INTEGER NOT NULL DEFAULT 0;
ALTER TABLE throughput ADD COLUMN buried INTEGER NOT NULL DEFAULT 0;
ALTER TABLE throughput ADD COLUMN promoted INTEGER NOT NULL DEFAULT 0;
