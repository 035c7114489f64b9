-- intake-checks: whether a task may be accepted. Reads only, but for a reservation that it voids.
--@include intake-records

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

-- Accepted in this very script, by idempotency key.
local acceptedKeys = {}

-- The fingerprint and id under this record's idempotency key, when it is taken.
local function earlier(record, ownBatch)
  if record.idempotencyKey == "" then return nil end
  local inScript = acceptedKeys[record.idempotencyKey]
  if inScript then return inScript.fingerprint, inScript.id end
  local fingerprint, id, batch = readIdempotency(record.idempotencyKey)
  if fingerprint and isTaken(batch, ownBatch) then return fingerprint, id end
end

-- "created", "exists", "conflict" or "no_input"; the id that was accepted; the state it would have.
local function judge(run, ownBatch)
  local record = recordOf(run)
  if isKnown(record.id) then return "exists", record.id, "" end
  local fingerprint, id = earlier(record, ownBatch)
  if fingerprint then return fingerprint == record.fingerprint and "exists" or "conflict", id, "" end
  if record.hasUpload == "1" and redis.call("EXISTS", prefix .. "input:" .. record.id) == 0 then
    return "no_input", record.id, ""
  end
  acceptedIds[record.id] = true
  acceptedKeys[record.idempotencyKey] = record
  return "created", record.id, dueAt(record) and "SCHEDULED" or "PENDING"
end

-- Until it is committed, the batch merely reserves the key.
local function reserve(run, batch)
  remember(recordOf(run), "|batch:" .. batch)
end
