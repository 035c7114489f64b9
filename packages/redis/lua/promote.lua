#!lua flags=allow-oom
-- promote: scheduled → pending, for tasks that are due. Parked time does not count towards a task's age.
-- Then tasks of stale lines get new due times: at most as many as are left of the limit.
-- args   limit
-- reply  {"promoted", count, ms until the next is due (0 while lines are stale) or -1, a committed batch that is not applied or ""}
local service, openMs, rampMs, tokenRequests, tokenIntervalMs = "", 0, 0, "", ""
--@include history
--@include lane-changes
--@include finish
--@include lines
--@lazy seatSome from seating
local ids = redis.call("ZRANGE", scheduledKey, "-inf", now, "BYSCORE", "LIMIT", 0, limit)
local tasks = {}
for _, id in ipairs(ids) do
  local task = loadTask(id)
  if task and task.state == "SCHEDULED" then tasks[#tasks + 1] = task end
end
callWithAll("ZREM", scheduledKey, ids)
for _, task in ipairs(tasks) do
  local fields = { "state", "PENDING", "history", historyWith(task, { "P", now }) }
  if task.parked_at then
    fields[#fields + 1] = "was_parked"
    fields[#fields + 1] = "1"
    fields[#fields + 1] = "due_at"
    fields[#fields + 1] = numberOf(task.due_at or task.created_at, now) + math.max(now - numberOf(task.parked_at, now), 0)
  end
  local gone = { "retry_after", "parked_at", not task.parked_at and "was_parked" or nil }
  if task.parked_for then leavePlace(task, gone) end
  writeTask(task, fields, gone)
  queueUp("RPUSH", task, hasFailed(task))
  changed(task.id, task.task_type, "SCHEDULED", "PENDING")
end
if #tasks > 0 then tally("promoted", #tasks) end
if #ids > 0 then finish() end
local isStale = redis.call("EXISTS", staleLinesKey) == 1 and seatSome(limit - #tasks)
local nextDue = redis.call("ZRANGE", scheduledKey, 0, 0, "WITHSCORES")
local nextDueInMs = isStale and 0 or nextDue[2] and math.max(0, nextDue[2] - now) or -1
return { "promoted", #tasks, nextDueInMs, redis.call("SRANDMEMBER", batchesKey) or "" }
