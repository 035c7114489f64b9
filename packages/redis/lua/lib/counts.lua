-- counts: how many tasks are where, read from the collections themselves. Never fails.
--@include lanes
local function cardinality(zset)
  local count = redis.pcall("ZCARD", zset)
  return type(count) == "number" and count or 0
end

-- Two lists of pairs, {name, count}: queues and states.
local function countAll()
  local waiting = depth(primaryHighKey) + depth(primaryKey) + depth(primaryLowKey)
  local retries, dead, scheduled = depth(retryKey), depth(dlqKey), cardinality(scheduledKey)
  local queues = { { "primary", waiting }, { "retry", retries }, { "scheduled", scheduled }, { "dlq", dead } }
  local pending = waiting + retries
  for _, queue in ipairs(redis.call("SMEMBERS", queuesKey)) do
    local lanes = lanesOf(queue)
    local count = depth(lanes.high) + depth(lanes.normal) + depth(lanes.low) + depth(lanes.retry)
    queues[#queues + 1] = { queue, count }
    pending = pending + count
  end
  local states = {
    { "PENDING", pending }, { "ACTIVE", cardinality(activeKey) }, { "COMPLETED", cardinality(completedKey) },
    { "FAILED", cardinality(failedKey) }, { "SCHEDULED", scheduled }, { "DLQ", dead },
    { "CANCELLED", cardinality(cancelledKey) },
  }
  return queues, states, retries
end
