-- intake-checks: whether a task may be accepted. Reads only, but for a reservation that it voids.
-- A record is one task as lua/lib/intake-runs.lua makes it; "" stands for an absent value.
--@include tasks

-- What is remembered of an idempotency key: fingerprint, task id and, until it is applied, the batch that reserved it.
local function readIdempotency(key)
  local value = redis.call("GET", prefix .. "idempotency:" .. key)
  if not value then return nil end
  local fingerprint, id, batch = string.match(value, "^(.*)|([^|]*)|batch:(.*)$")
  if fingerprint then return fingerprint, id, batch end
  return string.match(value, "^(.*)|([^|]*)$")
end

-- A key that an uncommitted batch reserved is free to whoever comes: that batch finds itself gone and begins anew.
local function isTaken(batch, ownBatch)
  if not batch or batch == ownBatch or redis.call("SISMEMBER", batchesKey, batch) == 1 then return true end
  redis.call("UNLINK", prefix .. "batch:" .. batch)
  return false
end

-- When the first run is due, or nil for at once.
local function dueAt(record)
  if record.runAt ~= "" then return tonumber(record.runAt) > now and tonumber(record.runAt) or nil end
  if tonumber(record.delayMs) > 0 then return record.createdAt + record.delayMs end
end

-- Accepted in this very script: ids, and records by idempotency key.
local acceptedIds, acceptedKeys = {}, {}

-- The fingerprint and id under this record's idempotency key, when it is taken.
local function earlier(record, ownBatch)
  if record.idempotencyKey == "" then return nil end
  local inScript = acceptedKeys[record.idempotencyKey]
  if inScript then return inScript.fingerprint, inScript.id end
  local fingerprint, id, batch = readIdempotency(record.idempotencyKey)
  if fingerprint and isTaken(batch, ownBatch) then return fingerprint, id end
end

-- "created", "exists", "conflict" or "no_input"; the id that was accepted; the state it would have.
local function judge(record, ownBatch)
  if acceptedIds[record.id] or redis.call("EXISTS", taskKey(record.id)) == 1 then return "exists", record.id, "" end
  local fingerprint, id = earlier(record, ownBatch)
  if fingerprint then return fingerprint == record.fingerprint and "exists" or "conflict", id, "" end
  if record.hasUpload == "1" and redis.call("EXISTS", prefix .. "input:" .. record.id) == 0 then
    return "no_input", record.id, ""
  end
  acceptedIds[record.id] = true
  acceptedKeys[record.idempotencyKey] = record
  return "created", record.id, dueAt(record) and "SCHEDULED" or "PENDING"
end

-- `mark` names the batch that merely reserves the key, or is empty.
local function remember(record, mark)
  if record.idempotencyKey == "" then return end
  local value = record.fingerprint .. "|" .. record.id .. mark
  redis.call("SET", prefix .. "idempotency:" .. record.idempotencyKey, value, "PX", 24 * 3600000)
end
