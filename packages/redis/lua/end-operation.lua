#!lua flags=allow-oom
-- end-operation: cancels it for anyone (owner empty), or fails it or gives its lease back for its owner.
-- keys   declared: the operation
-- args   id, owner, state (cancelled, failed; running: only the lease is given back), error
-- reply  {"done"} | {"refused"}
--@include operations
local facts = redis.call("HMGET", operationKey(id), "owner", "state")
if facts[2] ~= "running" or (owner ~= "" and facts[1] ~= owner) then return { "refused" } end
if state == "running" then
  writeOperation(id, "lease_until", 0)
elseif error == "" then
  writeOperation(id, "state", state, "finished_at", nowText)
else
  writeOperation(id, "state", state, "finished_at", nowText, "error", error)
end
return { "done" }
