-- What else is told of a minute: attempts that back off, burials, scheduled tasks that became due.
ALTER TABLE throughput ADD COLUMN retried INTEGER NOT NULL DEFAULT 0;
ALTER TABLE throughput ADD COLUMN buried INTEGER NOT NULL DEFAULT 0;
ALTER TABLE throughput ADD COLUMN promoted INTEGER NOT NULL DEFAULT 0;

-- The cause of a dead letter (core/error-group.ts); NULL for any other task. Dead letters from before are grouped when the
-- file is opened.
ALTER TABLE tasks ADD COLUMN error_group TEXT;
CREATE INDEX tasks_by_group ON tasks (error_group, completed_at, id) WHERE error_group IS NOT NULL;
CREATE INDEX tasks_ungrouped ON tasks (seq) WHERE place = 'DLQ' AND error_group IS NULL;

-- How many dead letters a group has, and when it last grew: kept as the other counts are.
CREATE TABLE error_groups (
  name TEXT PRIMARY KEY,
  tasks INTEGER NOT NULL,
  grown_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX error_groups_by_growth ON error_groups (grown_at, name);

CREATE TRIGGER count_regrouped AFTER UPDATE OF error_group ON tasks WHEN old.error_group IS NOT new.error_group BEGIN
  UPDATE error_groups SET tasks = tasks - 1 WHERE name = old.error_group;
  DELETE FROM error_groups WHERE name = old.error_group AND tasks = 0;
  INSERT INTO error_groups SELECT new.error_group, 1, new.completed_at WHERE new.error_group IS NOT NULL
    ON CONFLICT DO UPDATE SET tasks = tasks + 1, grown_at = max(grown_at, excluded.grown_at);
END;

CREATE TRIGGER count_ungrouped AFTER DELETE ON tasks WHEN old.error_group IS NOT NULL BEGIN
  UPDATE error_groups SET tasks = tasks - 1 WHERE name = old.error_group;
  DELETE FROM error_groups WHERE name = old.error_group AND tasks = 0;
END;

-- What is done to many tasks, in chunks (core/ports/operations.ts). `cursor` is JSON: where it goes on.
CREATE TABLE operations (
  id TEXT PRIMARY KEY,
  request TEXT NOT NULL,
  state TEXT NOT NULL DEFAULT 'running',
  total INTEGER NOT NULL,
  total_is_estimate INTEGER NOT NULL,
  done INTEGER NOT NULL DEFAULT 0,
  skipped INTEGER NOT NULL DEFAULT 0,
  failed INTEGER NOT NULL DEFAULT 0,
  cursor TEXT,
  error TEXT,
  started_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  finished_at INTEGER,
  owner TEXT NOT NULL,
  lease_until INTEGER NOT NULL
) STRICT;
CREATE INDEX operations_by_start ON operations (started_at, id);
