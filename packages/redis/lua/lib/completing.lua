-- completing: the common end of an attempt, with as little read and written as can be.
--@include leases
--@include finish
local completedAdds, completedByType = {}, {}

-- What a completion must know of its task beside what its attempt says.
local function factsOf(key, attempt, isPlain)
  local run = attempt.run
  if isPlain and run.type ~= "" then
    run.startedAt = run.startedAt or math.floor(run.token / 1000)
    return run.type, timeOfId(attempt.id), run.startedAt
  end
  local facts = redis.call("HMGET", key, "task_type", "created_at", "started_at")
  return facts[1] or "", numberOf(facts[2], now), numberOf(facts[3], now)
end

local function complete(key, attempt, isPlain)
  local id, count = attempt.id, #completedAdds
  local type, createdAt, startedAt = factsOf(key, attempt, isPlain)
  redis.call("HSET", key, "state", "COMPLETED", "updated_at", nowText, "completed_at", nowText, "result", attempt.text)
  completedAdds[count + 1], completedAdds[count + 2] = nowText, id
  tallyLatency(createdAt, startedAt)
  local group = completedByType[type] or commonGroup("complete", completedByType, type)
  group[#group + 1] = isPlain and id or idText(id)
end

local function finishCompleting()
  if #completedAdds > 0 then tally("completed", #completedAdds / 2) end
  callWithAll("ZADD", completedKey, completedAdds)
end
