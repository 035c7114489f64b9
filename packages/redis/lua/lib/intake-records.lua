-- intake-records: a task that is not plain, as it comes (intake-record.ts); "" stands for an absent value.
--@include tasks
local recordFields = {
  "id", "createdAt", "type", "queue", "priority", "contentKind", "content", "metadata", "maxRetries", "timeoutMs",
  "delayMs", "runAt", "expiresInMs", "idempotencyKey", "fingerprint", "hasUpload", "plain",
}

local function recordOf(run)
  local record = {}
  for i, field in ipairs(recordFields) do
    record[field] = run[i + 1]
  end
  return record
end

-- When the first run is due, or nil for at once.
local function dueAt(record)
  if record.runAt ~= "" then return tonumber(record.runAt) > now and tonumber(record.runAt) or nil end
  if tonumber(record.delayMs) > 0 then return record.createdAt + record.delayMs end
end

-- `mark` names the batch that merely reserves the key, or is empty.
local function remember(record, mark)
  if record.idempotencyKey == "" then return end
  local value = record.fingerprint .. "|" .. record.id .. mark
  redis.call("SET", prefix .. "idempotency:" .. record.idempotencyKey, value, "PX", 24 * 3600000)
end
