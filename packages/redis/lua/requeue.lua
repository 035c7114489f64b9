#!lua flags=allow-oom
-- requeue: puts orphans on their retry list: PENDING tasks that the caller found in no lane, and ACTIVE ones that hold no
-- live lease. While the reaper waits after an outage, a lease that ran out still counts as live.
-- keys   declared: the hashes
-- record id, updatedAt: as the caller saw it
-- reply  {"requeued", count}
--@include history
--@include removal
--@include finish
local graceUntil = tonumber(redis.call("HGET", reaperKey, "grace_until") or 0)

local function isOrphan(task, updatedAt)
  if not task then return false end
  if task.state == "PENDING" then return redis.call("HGET", taskKey(task.id), "updated_at") == updatedAt end
  local leaseUntil = task.state == "ACTIVE" and redis.call("ZSCORE", activeKey, task.id)
  if task.state ~= "ACTIVE" then return false end
  return not leaseUntil or (tonumber(leaseUntil) <= now and now >= graceUntil)
end

local count = 0
for _, record in ipairs(records) do
  local task = loadTask(record.id)
  if isOrphan(task, record.updatedAt) then
    local fields = { "state", "PENDING" }
    if task.state == "ACTIVE" then
      revoke(task)
      fields = { "state", "PENDING", "lease", task.lease,
        "history", historyWith(task, { "A", task.started_at or now, "P", now }) }
      changed(task.id, task.task_type, "ACTIVE", "PENDING")
    end
    writeTask(task, fields)
    queueUp("RPUSH", task, true)
    count = count + 1
  end
end
if count > 0 then finish() end
return { "requeued", count }
