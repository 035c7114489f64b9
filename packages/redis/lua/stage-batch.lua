#!lua
-- stage-batch: lays up one part of a large batch and reserves its idempotency keys. Nothing is accepted yet: what is
-- not committed within 60 s is gone. Lacks allow-oom.
-- keys   declared: the list of the batch
-- args   batchId
-- record one task, at most 250 (intake-record.ts)
-- reply  {"staged" | "refused", outcome, id, state, …}
--@include intake-checks
local stagingMs = 60000
local batchKey = prefix .. "batch:" .. batchId
local reply, fields = { "staged" }, {}
for _, record in ipairs(records) do
  local outcome, id, state = judge(record, batchId)
  if outcome == "conflict" or outcome == "no_input" then reply[1] = "refused" end
  if outcome == "created" then
    for _, field in ipairs(recordFields) do
      fields[#fields + 1] = record[field]
    end
    remember(record, "|batch:" .. batchId)
  end
  reply[#reply + 1] = outcome
  reply[#reply + 1] = id
  reply[#reply + 1] = state
end
callWithAll("RPUSH", batchKey, fields)
redis.call("PEXPIRE", batchKey, stagingMs)
return reply
