-- claiming: takes tasks from the asked queues, each with a lease. First everything is read, then everything written.
-- Uses workerId, leaseMs, claimLimit, shareNormal, shareWarning, shareCritical, queues ("name=count,…").
--@include claim-shares
local workerTasks = prefix .. "worker:active_tasks:" .. workerId

local function openQueue(queue)
  local lanes, lists = lanesOf(queue), {}
  for _, name in ipairs({ "high", "normal", "low", "retry" }) do
    lists[name] = openList(lanes[name])
  end
  return lists
end

local function popAll(opened)
  for queue, lists in pairs(opened) do
    local isLeft = false
    for _, list in pairs(lists) do
      isLeft = pop(list) or isLeft
    end
    if isLeft then wake(queue) end
  end
end

-- Tasks that the claim met and can't run leave their lists too.
local function settleStrays()
  for _, id in ipairs(expired) do
    cancelTask(loadTask(id), "It was not started in time.", { "error_type", "Expired" })
  end
  for _, id in ipairs(rejected) do
    local task = loadTask(id)
    local missing = task.task_type == "" and "it has no task_type." or "it has no content."
    bury(task, { error = "The task's hash can't be read: " .. missing, errorType = "ValidationError" })
  end
end

-- One claimed task in the reply: id, type, content, metadata, and its short facts in one string, for few strings parse
-- faster.
local function lease(id, facts, queue)
  local token = nextToken(facts[13])
  redis.call("HSET", taskKey(id), "state", "ACTIVE", "updated_at", nowText, "started_at", nowText,
    "worker_id", workerId, "lease", token)
  changedBy("claim", id, facts[2])
  local createdAt = facts[10] or nowText
  return id, facts[2], facts[3] or "", facts[6] or "{}", token .. "," .. (facts[5] or "text") .. "," .. (facts[4] or "0")
    .. "," .. queue .. "," .. (facts[7] or "0") .. "," .. (facts[12] or "0") .. "," .. (facts[8] or "3") .. ","
    .. (facts[9] or "") .. "," .. createdAt .. "," .. (facts[11] or createdAt) .. "," .. nowText
end

-- A sorted set of up to 128 members is one packed list, in which each write looks at every member: with 100 leases that
-- was a quarter of a script's time (27 against 20 microseconds a task). One long member turns it into a skip list, for
-- as long as it is not empty.
local manyLeases, longMember = 16, string.rep("-", 65)

local function addLeases(leases)
  if #leases >= 2 * manyLeases and redis.call("ZCARD", activeKey) <= 128 then
    redis.call("ZADD", activeKey, 0, longMember)
    redis.call("ZREM", activeKey, longMember)
  end
  callWithAll("ZADD", activeKey, leases)
end

local function claim()
  local taken, opened = {}, {}
  for queue, count in string.gmatch(queues, "([^=,]+)=(%d+)") do
    if redis.call("SISMEMBER", pausedKey, queue) == 0 then
      opened[queue] = openQueue(queue)
      takeFrom(opened[queue], queue, math.min(tonumber(count), claimLimit - #taken), taken)
    end
  end
  local leaseUntil = string.format("%.0f", now + leaseMs)
  local claimed, ids, leases = {}, {}, {}
  for i, task in ipairs(taken) do
    local at = 5 * i - 4
    claimed[at], claimed[at + 1], claimed[at + 2], claimed[at + 3], claimed[at + 4] = lease(task[1], task[2], task[3])
    ids[i], leases[2 * i - 1], leases[2 * i] = task[1], leaseUntil, task[1]
  end
  if #carries > 0 then redis.call("HSET", sharesKey, unpack(carries)) end
  addLeases(leases)
  callWithAll("SADD", workerTasks, ids)
  popAll(opened)
  settleStrays()
  return claimed
end
