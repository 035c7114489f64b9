-- What parked tasks wait for: a service, or `cache:` and a digest. Lines stand in the order in which their tasks came;
-- position grows within one. `why` is ANY for the reason given at tasks. Beside the tasks, for what is added to a row
-- stands behind its bodies.
CREATE TABLE parked_tasks (
  task INTEGER PRIMARY KEY,
  name TEXT NOT NULL,
  position INTEGER NOT NULL,
  why ANY NOT NULL,
  cost REAL NOT NULL,
  tokens REAL NOT NULL
) STRICT;
CREATE INDEX parked_tasks_by_line ON parked_tasks (name, position);

-- Wherever a task leaves SCHEDULED, it leaves its line: it has no other way to be in one.
CREATE TRIGGER leave_line AFTER UPDATE OF place ON tasks WHEN old.place = 'SCHEDULED' AND new.place <> 'SCHEDULED' BEGIN
  DELETE FROM parked_tasks WHERE task = old.seq;
END;
CREATE TRIGGER leave_line_deleted AFTER DELETE ON tasks WHEN old.place = 'SCHEDULED' BEGIN
  DELETE FROM parked_tasks WHERE task = old.seq;
END;

-- Lines whose tasks get new due times, a few at a time; position: of the last one that has got its.
CREATE TABLE stale_lines (name TEXT PRIMARY KEY, position INTEGER NOT NULL) STRICT, WITHOUT ROWID;

-- What the last call told of a service, and the last check found: its state is by whichever of them counts.
ALTER TABLE service_states ADD COLUMN told_state TEXT;
ALTER TABLE service_states ADD COLUMN told_message ANY;
ALTER TABLE service_states ADD COLUMN told_at INTEGER;
ALTER TABLE service_states ADD COLUMN told_until INTEGER;
ALTER TABLE service_states ADD COLUMN found_state TEXT;
ALTER TABLE service_states ADD COLUMN found_message ANY;

-- Failed calls in a row that used up no attempt of a task.
ALTER TABLE tasks ADD COLUMN free_failures INTEGER NOT NULL DEFAULT 0;
