#!lua flags=allow-oom
-- cancel-turns: gives turns back, each unless others were reserved after it.
-- keys   declared: those of the service
-- args   the policy
-- record turn
-- reply  {"cancelled"}
--@include guard
local guard, turns = loadGuard(), {}
setLimit(guard.bucket, guard.limits.inForce)
for i, record in ipairs(records) do
  turns[i] = readTurn(record.turn)
end
giveAllBack(guard, turns)
writeGuard(guard)
return { "cancelled" }
