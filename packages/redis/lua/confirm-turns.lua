#!lua flags=allow-oom
-- confirm-turns: turns whose time has come: granted, a further wait (a hold moved them), or given back and parked.
-- keys   declared: those of the service
-- args   the policy, maxWaitMs, nonce (for the ids of probes)
-- record turn
-- reply  as acquire-turns
--@include asking
local earlyMs, maxOverdueMs = 1, 1000
local guard, answers, sentAway = loadGuard(), {}, {}
local breaker, bucket = guard.breaker, guard.bucket
prepare(guard)

-- Whether a turn that is due still has its place. One whose timer was late may be too near to the next: all after it move
-- along, unless one of these has called already or they would move far.
local function holdsPlace(turn)
  if not bucket.limit then return true end
  local endAt = turn.endAt + bucket.shiftMs - turn.shiftMs
  local overdueMs = now - bucket.limit.intervalMs + earlyMs - (endAt - stretchOf(bucket, turn.lengthMs, turn.cost))
  if overdueMs <= 0 then return true end
  if overdueMs > maxOverdueMs or endAt <= bucket.usedAt then return false end
  moveAll(guard, overdueMs)
  return true
end

local function sendAway(turn, reason, dueAt)
  sentAway[#sentAway + 1] = turn
  return "park", reason, park(guard, turn, reason, dueAt)
end

local function reserveAnew(turn, index)
  givePlacesBack(guard, turn)
  turn.isReturning = true
  local kind, text, number = reserve(guard, turn, index)
  if kind == "park" then endProbe(breaker, turn.probe) end
  return kind, text, number
end

-- The call begins in the version of now.
local function confirm(turn, index)
  local reason = not breaker.probes[turn.probe] and refusal(breaker)
  if reason then return sendAway(turn, reason) end
  local dueAt = math.max(turn.dueAt + bucket.shiftMs - turn.shiftMs, bucket.holdUntil)
  local waitMs, isLate = dueAt - now, dueAt > now + earlyMs
  if isLate and waitMs > longestWaitMs then return sendAway(turn, "limited", dueAt) end
  if not isLate and not holdsPlace(turn) then return reserveAnew(turn, index) end
  turn.version, turn.probe = breaker.version, keepProbe(breaker, turn.probe, index)
  return answerTurn(guard, turn, waitMs, isLate)
end

for i, record in ipairs(records) do
  local at = 3 * i - 2
  answers[at], answers[at + 1], answers[at + 2] = confirm(readTurn(record.turn), i)
end
giveAllBack(guard, sentAway)
writeGuard(guard)
return { "answered", breakerReply(breaker), answers }
