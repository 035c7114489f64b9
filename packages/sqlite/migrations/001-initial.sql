-- Where a task stands is its `place`: a lane (`{queue}:high`, `:normal`, `:low`, `:retry`) while it is PENDING, otherwise
-- the name of its state. `rank` orders a place: a position in lanes and the DLQ, the due time of SCHEDULED, the
-- lease's expiry of ACTIVE, the completion time of the rest. A task has one place, so it cannot be in two.
--
-- `content`, `result` and `last_error` are ANY: libsql reads a text back only to its first NUL, so a text with one is
-- stored as a blob. They stand last, so that a summary reads none of their pages.
CREATE TABLE tasks (
  seq INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  type TEXT NOT NULL,
  queue TEXT NOT NULL,
  priority TEXT NOT NULL,
  state TEXT NOT NULL,
  place TEXT NOT NULL,
  rank INTEGER NOT NULL,
  lease INTEGER NOT NULL DEFAULT 0,
  retry_count INTEGER NOT NULL DEFAULT 0,
  max_retries INTEGER NOT NULL,
  lost INTEGER NOT NULL DEFAULT 0,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  started_at INTEGER,
  completed_at INTEGER,
  retry_after INTEGER,
  due_at INTEGER,
  parked_at INTEGER,
  expires_at INTEGER,
  timeout_ms INTEGER,
  worker_id TEXT,
  error_type TEXT,
  content_kind TEXT NOT NULL,
  content_bytes INTEGER NOT NULL,
  has_input INTEGER NOT NULL DEFAULT 0,
  history TEXT,
  progress TEXT,
  metadata TEXT NOT NULL,
  errors TEXT,
  last_error ANY,
  content ANY,
  result ANY
) STRICT;

CREATE INDEX tasks_by_place ON tasks (place, rank, id);
CREATE INDEX tasks_by_type ON tasks (type, id);
CREATE INDEX tasks_by_queue ON tasks (queue, id);

-- SQLite has no COUNT that is not a walk, so counts are kept. They cannot drift from the rows they count: the
-- triggers below run inside the statement that changes the row, and are undone with it.
CREATE TABLE place_counts (place TEXT PRIMARY KEY, tasks INTEGER NOT NULL) STRICT, WITHOUT ROWID;

CREATE TABLE kind_counts (
  type TEXT NOT NULL,
  queue TEXT NOT NULL,
  tasks INTEGER NOT NULL,
  PRIMARY KEY (type, queue)
) STRICT, WITHOUT ROWID;

-- Tasks by minute of creation, for totals with dates.
CREATE TABLE created_counts (
  minute INTEGER NOT NULL,
  type TEXT NOT NULL,
  queue TEXT NOT NULL,
  tasks INTEGER NOT NULL,
  PRIMARY KEY (minute, type, queue)
) STRICT, WITHOUT ROWID;

CREATE TRIGGER count_created AFTER INSERT ON tasks BEGIN
  INSERT INTO place_counts VALUES (new.place, 1) ON CONFLICT DO UPDATE SET tasks = tasks + 1;
  INSERT INTO kind_counts VALUES (new.type, new.queue, 1) ON CONFLICT DO UPDATE SET tasks = tasks + 1;
  INSERT INTO created_counts VALUES (new.created_at / 60000, new.type, new.queue, 1)
    ON CONFLICT DO UPDATE SET tasks = tasks + 1;
END;

CREATE TRIGGER count_moved AFTER UPDATE OF place ON tasks WHEN old.place <> new.place BEGIN
  UPDATE place_counts SET tasks = tasks - 1 WHERE place = old.place;
  INSERT INTO place_counts VALUES (new.place, 1) ON CONFLICT DO UPDATE SET tasks = tasks + 1;
END;

CREATE TRIGGER count_deleted AFTER DELETE ON tasks BEGIN
  UPDATE place_counts SET tasks = tasks - 1 WHERE place = old.place;
  UPDATE kind_counts SET tasks = tasks - 1 WHERE type = old.type AND queue = old.queue;
  UPDATE created_counts SET tasks = tasks - 1
    WHERE minute = old.created_at / 60000 AND type = old.type AND queue = old.queue;
  DELETE FROM created_counts
    WHERE minute = old.created_at / 60000 AND type = old.type AND queue = old.queue AND tasks = 0;
END;

-- Named queues that ever held a task, and the queues that claims pass over.
CREATE TABLE queues (name TEXT PRIMARY KEY) STRICT, WITHOUT ROWID;
CREATE TABLE paused_queues (name TEXT PRIMARY KEY) STRICT, WITHOUT ROWID;

-- The carries of the claim's shares, in thousandths: `{queue}:retry`, `{queue}:lane`.
CREATE TABLE shares (name TEXT PRIMARY KEY, carry INTEGER NOT NULL) STRICT, WITHOUT ROWID;

CREATE TABLE idempotency_keys (
  key TEXT PRIMARY KEY,
  task_id TEXT NOT NULL,
  fingerprint TEXT NOT NULL,
  expires_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX idempotency_keys_by_expiry ON idempotency_keys (expires_at);

-- A large batch is staged as JSON, chunk by chunk; setting accepted_at is the moment at which all of it is accepted.
-- Its tasks then move to their queues, chunk by chunk. A batch not accepted when the file is opened is dropped, an
-- accepted one is finished.
CREATE TABLE batches (batch INTEGER PRIMARY KEY, accepted_at INTEGER) STRICT;
CREATE TABLE batch_chunks (
  batch INTEGER NOT NULL REFERENCES batches (batch) ON DELETE CASCADE,
  chunk INTEGER NOT NULL,
  tasks TEXT NOT NULL,
  PRIMARY KEY (batch, chunk)
) STRICT;

-- Bytes beside tasks: uploaded files (`file`), texts too long for the task's row (`text`). kept 0: an upload that no task
-- has claimed yet; kept 1: belongs to the task of this id; kept -1: condemned, the sweep removes its chunks.
CREATE TABLE inputs (
  input INTEGER PRIMARY KEY,
  task_id TEXT NOT NULL,
  kind TEXT NOT NULL,
  kept INTEGER NOT NULL,
  bytes INTEGER NOT NULL,
  touched_at INTEGER NOT NULL
) STRICT;
CREATE INDEX inputs_by_task ON inputs (task_id, kept);
CREATE INDEX inputs_uploading ON inputs (touched_at) WHERE kept = 0;
CREATE INDEX inputs_condemned ON inputs (input) WHERE kept = -1;
CREATE TABLE input_chunks (
  input INTEGER NOT NULL,
  chunk INTEGER NOT NULL,
  size INTEGER NOT NULL,
  bytes BLOB NOT NULL,
  PRIMARY KEY (input, chunk)
) STRICT;

CREATE TABLE input_total (only INTEGER PRIMARY KEY CHECK (only = 1), bytes INTEGER NOT NULL) STRICT;
INSERT INTO input_total VALUES (1, 0);
CREATE TRIGGER count_input_bytes_added AFTER INSERT ON input_chunks BEGIN
  UPDATE input_total SET bytes = bytes + new.size;
END;
CREATE TRIGGER count_input_bytes_removed AFTER DELETE ON input_chunks BEGIN
  UPDATE input_total SET bytes = bytes - old.size;
END;

CREATE TABLE throughput (
  minute INTEGER PRIMARY KEY,
  created INTEGER NOT NULL DEFAULT 0,
  completed INTEGER NOT NULL DEFAULT 0,
  failed INTEGER NOT NULL DEFAULT 0,
  cancelled INTEGER NOT NULL DEFAULT 0,
  sum_ms INTEGER NOT NULL DEFAULT 0,
  max_ms INTEGER NOT NULL DEFAULT 0
) STRICT;
-- Latency histograms: phase t (total), w (wait), r (run).
CREATE TABLE latency (
  minute INTEGER NOT NULL,
  phase TEXT NOT NULL,
  bucket INTEGER NOT NULL,
  tasks INTEGER NOT NULL,
  PRIMARY KEY (minute, phase, bucket)
) STRICT, WITHOUT ROWID;

-- The last beat of every worker as JSON: the last words of one that is lost, across restarts too.
CREATE TABLE workers (
  worker_id TEXT PRIMARY KEY,
  last_beat_at INTEGER NOT NULL,
  beat TEXT NOT NULL
) STRICT, WITHOUT ROWID;
