-- What a task gathers while it runs, beside its row: the log of its output (kind `output`) and the steps that it remembers
-- (`steps`, with the sum of their bytes). task_id NULL: condemned, the sweep removes it with what it holds.
CREATE TABLE task_logs (
  log INTEGER PRIMARY KEY,
  task_id TEXT,
  kind TEXT NOT NULL,
  bytes INTEGER NOT NULL DEFAULT 0,
  touched_at INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX task_logs_by_task ON task_logs (task_id, kind);
CREATE INDEX task_logs_by_age ON task_logs (touched_at) WHERE task_id IS NOT NULL;
CREATE INDEX task_logs_condemned ON task_logs (log) WHERE task_id IS NULL;

-- bytes_before: of all text before this entry, also of what is gone, so that the bytes of what is kept are a difference.
CREATE TABLE output_entries (
  log INTEGER NOT NULL,
  number INTEGER NOT NULL,
  kind TEXT NOT NULL,
  at INTEGER NOT NULL,
  bytes_before INTEGER NOT NULL,
  bytes INTEGER NOT NULL,
  text BLOB NOT NULL,
  PRIMARY KEY (log, number)
) STRICT;

CREATE TABLE steps (
  log INTEGER NOT NULL,
  name ANY NOT NULL,
  text INTEGER NOT NULL,
  bytes INTEGER NOT NULL,
  PRIMARY KEY (log, name)
) STRICT, WITHOUT ROWID;

-- Texts of any length, in chunks. state 0: being written; 1: somebody refers to it; -1: condemned. What is being written
-- when the process dies is condemned at the next start.
CREATE TABLE texts (text INTEGER PRIMARY KEY, state INTEGER NOT NULL) STRICT;
CREATE INDEX texts_unkept ON texts (text) WHERE state = 0;
CREATE INDEX texts_condemned ON texts (text) WHERE state = -1;
CREATE TABLE text_chunks (
  text INTEGER NOT NULL,
  chunk INTEGER NOT NULL,
  bytes BLOB NOT NULL,
  PRIMARY KEY (text, chunk)
) STRICT;

-- Results of earlier tasks, by the SHA-256 of their cache key. Who computes one is known to the process alone.
CREATE TABLE cache_results (
  digest TEXT PRIMARY KEY,
  text INTEGER NOT NULL,
  bytes INTEGER NOT NULL,
  used_at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX cache_results_by_use ON cache_results (used_at, digest);
CREATE INDEX cache_results_by_expiry ON cache_results (expires_at);

CREATE TABLE cache_total (only INTEGER PRIMARY KEY CHECK (only = 1), results INTEGER NOT NULL, bytes INTEGER NOT NULL) STRICT;
INSERT INTO cache_total VALUES (1, 0, 0);
CREATE TRIGGER count_result_added AFTER INSERT ON cache_results BEGIN
  UPDATE cache_total SET results = results + 1, bytes = bytes + new.bytes;
END;
CREATE TRIGGER count_result_removed AFTER DELETE ON cache_results BEGIN
  UPDATE cache_total SET results = results - 1, bytes = bytes - old.bytes;
END;
