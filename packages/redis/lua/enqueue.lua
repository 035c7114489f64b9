#!lua
-- enqueue: accepts tasks. As a batch it accepts all or, when one is refused, none. Idempotent: an id that exists changes
-- nothing. Lacks allow-oom: when the store is full, Redis refuses it before it begins.
-- keys   declared: the hash, lanes, indexes, upload and idempotency key of each task
-- args   isBatch ("1" or "0")
-- record one task, at most 250 (intake-record.ts)
-- reply  {"accepted" | "refused", outcome, id, state, outcome, id, state, …}
--@include intake
local reply, accepted = { "accepted" }, {}
for _, record in ipairs(records) do
  local outcome, id, state = judge(record, "")
  local isRefused = outcome == "conflict" or outcome == "no_input"
  if isRefused and isBatch == "1" then reply[1] = "refused" end
  if outcome == "created" then accepted[#accepted + 1] = record end
  reply[#reply + 1] = outcome
  reply[#reply + 1] = id
  reply[#reply + 1] = state
end
if reply[1] == "refused" or #accepted == 0 then return reply end
for _, record in ipairs(accepted) do
  create(record)
end
finishIntake()
return reply
