#!lua flags=allow-oom
-- acquire-turns: breaker and limiters in one step: each request is granted, reserves a place to wait for, or is parked.
-- Has allow-oom: it keeps nothing that grows.
-- keys   declared: those of the service
-- args   the policy, maxWaitMs, nonce (for the ids of probes)
-- record cost, isReturning (1 or 0), tokens (an estimate), isCold (1 or 0)
-- reply  {"answered", breaker, {"granted", turn, isProbe | "wait", turn, waitMs | "park", reason, delayMs, …}}
--@include asking
local guard, answers = loadGuard(), {}
makeKnown(guard.breaker)
prepare(guard)
for i, record in ipairs(records) do
  local at, reason = 3 * i - 2, refusal(guard.breaker)
  local request = {
    cost = finite(record.cost) or 1, estimate = finite(record.tokens) or 0, isReturning = record.isReturning == "1",
    isCold = record.isCold == "1", probe = "",
  }
  if reason then
    answers[at], answers[at + 1], answers[at + 2] = "park", reason, park(guard, request, reason)
  else
    answers[at], answers[at + 1], answers[at + 2] = reserve(guard, request, i)
  end
end
writeGuard(guard)
return { "answered", breakerReply(guard.breaker), answers }
