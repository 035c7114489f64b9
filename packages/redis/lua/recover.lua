#!lua flags=allow-oom
-- recover: active → pending, at the head, for what the store holds for this worker under a lease that the worker does not
-- know: claims whose reply was lost. No attempt, no strike.
-- keys   declared: worker:active_tasks
-- args   workerId
-- record id, token: the leases that the worker knows
-- reply  {"recovered", count}
--@include settle-attempts
local known, ids, texts, runs = {}, {}, {}, {}
for _, record in ipairs(records) do
  known[record.id .. " " .. record.token] = true
end
local workerTasks = prefix .. "worker:active_tasks:" .. workerId
local held, forgotten = redis.call("SMEMBERS", workerTasks), {}
-- The newest first, so that the oldest ends up at the head: ids sort by creation.
table.sort(held, function(a, b) return a > b end)
local leases = leasesOf(workerId, held)
for i, id in ipairs(held) do
  local token = string.match(leases[i] or "", "^%d*")
  if not known[id .. " " .. token] then
    forgotten[#forgotten + 1] = id
    local task = loadTask(id)
    if task and task.state == "ACTIVE" then
      local at = #ids + 1
      ids[at], texts[at] = id, ""
      runs[at] = { ending = "release,,0", type = "", token = task.lease or "", first = at, last = at }
    end
  end
end
settleAttempts(ids, texts, runs)
callWithAll("SREM", workerTasks, forgotten)
if #leftActive > 0 then finish() end
return { "recovered", #leftActive }
