#!lua flags=allow-oom
-- retry: failed, dlq or cancelled → pending, on the retry list of its queue: a new life, with its history kept.
-- keys   declared: the hash, its dead letter
-- args   id, resetsRetries ("1" or "0")
-- reply  {"done", from, to} | {"refused", state} | {"not_found"}
--@include managing
local task = loadTask(id)
if not task then return { "not_found" } end
local from = retryTask(task, resetsRetries)
if not from then return { "refused", task.state } end
finish()
return { "done", from, "PENDING" }
