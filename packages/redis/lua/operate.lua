#!lua flags=allow-oom
-- operate: one chunk of an operation, for the holder of its lease: acts on tasks and stores how far it got, together. What
-- stands in the middle of long lists is dear: after 50,000 entries (some 0.8 ms) it stops, and what is left is read again.
-- keys   declared: the operation, the hashes
-- args   id (of the operation), owner, leaseMs, action (retry, cancel, delete), resetsRetries, reason, state (that a task must
--        be in, or ""), asOf ("1": and must not have changed since the start), cursor (when all was done), isLast ("1":
--        the operation has completed then)
-- record task, isMatch ("0": it is only counted as skipped), cursor (after it; "": the old one)
-- reply  {"more" | "ended" | "lease_lost", how many records were handled}
--@include managing
--@include operations
local maxScanned = 50000
local held, why = heldOperation(id, owner, "started_at", "done", "skipped", "failed", "total", "total_is_estimate")
if not held then return { why, 0 } end

local actions = {
  retry = function(task) return retryTask(task, resetsRetries) end,
  cancel = function(task) return cancelAny(task, reason) end,
  delete = deleteTask,
}

local function applies(task, isMatch)
  if isMatch == "0" or not task or (state ~= "" and task.state ~= state) then return false end
  return asOf ~= "1" or numberOf(redis.call("HGET", taskKey(task.id), "updated_at"), 0) <= tonumber(held[3])
end

local counts, handled = { done = 0, skipped = 0, failed = 0 }, 0
for _, record in ipairs(records) do
  if scanned > maxScanned then break end
  local task = loadTask(record.task)
  if applies(task, record.isMatch) then
    local isOk, from = pcall(actions[action], task)
    local outcome = not isOk and "failed" or from and "done" or "skipped"
    counts[outcome] = counts[outcome] + 1
  else
    counts.skipped = counts.skipped + 1
  end
  handled = handled + 1
end

local isWhole = handled == #records
local at = isWhole and cursor or records[handled].cursor
local done, skipped, failed = held[4] + counts.done, held[5] + counts.skipped, held[6] + counts.failed
local fields = { "lease_until", string.format("%.0f", now + leaseMs) }
if at ~= "" then append(fields, "cursor", at) end
if isWhole and isLast == "1" then
  -- What matched at the start and was met no more had changed.
  local seen = done + skipped + failed
  if held[8] == "0" and seen < tonumber(held[7]) then skipped = skipped + held[7] - seen end
  append(fields, "state", "completed", "finished_at", nowText, "total", done + skipped + failed, "total_is_estimate", 0)
end
writeOperation(id, "done", done, "skipped", skipped, "failed", failed, unpack(fields))
if counts.done > 0 then finish() end
return { isWhole and isLast == "1" and "ended" or "more", handled }
