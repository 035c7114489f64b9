-- completing: the common end of an attempt, with as little read and written as can be.
--@include leases
--@include finish
local completedAdds, completedCount, completedByType = {}, 0, {}

-- What a completion must know of its task beside what its attempt says.
local function factsOf(key)
  local facts = redis.call("HMGET", key, "task_type", "created_at", "started_at")
  return facts[1] or "", numberOf(facts[2], now), numberOf(facts[3], now)
end

-- False when another program has deleted what is held: no hash that was claimed lacks all four fields.
local function complete(id, text, knownType, claimedAt, isPlain)
  local key, type, createdAt, startedAt = prefix .. "task:" .. id, knownType, nil, claimedAt
  if isPlain and type ~= "" then createdAt = timeOfId(id) else type, createdAt, startedAt = factsOf(key) end
  local isNew = 4 == redis.call("HSET", key, "state", "COMPLETED", "updated_at", nowText, "completed_at", nowText,
    "result", text)
  if isNew then
    redis.call("UNLINK", key)
    return false
  end
  completedAdds[2 * completedCount + 1], completedAdds[2 * completedCount + 2] = nowText, id
  completedCount = completedCount + 1
  tallyLatency(createdAt, startedAt)
  local group = isHeard() and (completedByType[type] or commonGroup("complete", completedByType, type))
  if group then group[#group + 1] = isPlain and id or idText(id) end
  return true
end

local function finishCompleting()
  if completedCount > 0 then tally("completed", completedCount) end
  callWithAll("ZADD", completedKey, completedAdds)
end
