-- operations: what is done to many tasks, chunk by chunk, by whoever holds the operation's lease.
local operationTtl = 7 * 24 * 3600

local function operationKey(id)
  return prefix .. "operation:" .. id
end

-- Fields of a running operation of this owner; otherwise why it is none.
local function heldOperation(id, owner, ...)
  local facts = redis.call("HMGET", operationKey(id), "owner", "state", ...)
  if not facts[2] then return nil, "lease_lost" end
  if facts[2] ~= "running" then return nil, "ended" end
  if facts[1] ~= owner then return nil, "lease_lost" end
  return facts
end

local function writeOperation(id, ...)
  redis.call("HSET", operationKey(id), "updated_at", nowText, ...)
  redis.call("EXPIRE", operationKey(id), operationTtl)
end
