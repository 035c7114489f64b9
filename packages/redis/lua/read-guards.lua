#!lua flags=no-writes
-- read-guards: breaker and limiter of one service or of all, as they are now.
-- args   service; empty: all that were ever used
-- reply  {"guards", {service, breaker, limiter, …}}; limiter: {} without a limit, else requests, intervalMs, the same of
--        the one before anything was learned, tokens, holdUntil ("" when nothing holds), waitMs
--@include breaker-steps
--@include limit-changes
--@include places
local function limiterReply()
  local limits = loadLimits()
  loadOrigin(limits)
  raise(limits)
  if not limits.inForce then return {} end
  local bucket = loadBucket(root .. ":rate_limit:bucket", limits.inForce)
  local before = limits.operator or limits.configured or limits.inForce
  local dueAt = math.max(placeFor(bucket, 1, now, 1).dueAt, bucket.holdUntil)
  return {
    exact(limits.inForce.requests), exact(limits.inForce.intervalMs), exact(before.requests), exact(before.intervalMs),
    exact(tokensIn(bucket)), bucket.holdUntil > now and exact(bucket.holdUntil) or "", math.ceil(math.max(0, dueAt - now)),
  }
end

local guards, names = {}, { service }
if service == "" then names = redis.pcall("SMEMBERS", servicesKey) end
table.sort(names)
for _, name in ipairs(names) do
  if redis.pcall("SISMEMBER", servicesKey, name) == 1 then
    useService(name)
    local at = #guards
    guards[at + 1], guards[at + 2], guards[at + 3] = name, breakerReply(loadBreaker()), limiterReply()
  end
end
return { "guards", guards }
