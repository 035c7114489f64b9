-- claim-rest: a claimable task that is not plain.
local met = {}
local claimFacts = {
  "input", "content_type", "retry_count", "max_retries", "timeout_ms", "created_at", "due_at", "lost", "lease",
  "started_at", "expires_at", "was_parked", "metadata",
  "free_failures", "task_type",
}

-- What a claim must know of a task that is not plain, or nil when it can't be run: then it is noted why.
local function readRest(id, key, content)
  if met[id] then return nil end
  met[id] = true
  local rest = redis.call("HMGET", key, unpack(claimFacts))
  local hasInput = rest[1] and redis.call("EXISTS", prefix .. "input:" .. id) == 1
  if not rest[15] or not (content or hasInput) or (rest[1] and not hasInput) then
    rejected[#rejected + 1] = id
  elseif rest[11] and not rest[10] and numberOf(rest[11], now + 1) <= now then
    expired[#expired + 1] = id
  else
    return rest
  end
end
