-- turns: what a caller carries of its reservation, so that the store keeps nothing for it. Opaque to callers. Instants are as
-- of the reservation: holds since then have moved them by the growth of shift_ms.
-- version, probe (empty: none), estimate, cost, shiftMs, dueAt, endAt, lengthMs and, with a token limit, its end and length.
--@include guard-hash

-- One call for all numbers: formatting is what a turn costs most.
local function writeTurn(turn)
  local text = string.format("%.17g,%s,%.17g,%.17g,%.17g,%.17g,%.17g,%.17g", turn.version, turn.probe, turn.estimate,
    turn.cost, turn.shiftMs, turn.dueAt, turn.endAt, turn.lengthMs)
  if turn.tokenLengthMs == 0 then return text end
  return text .. string.format(",%.17g,%.17g", turn.tokenEndAt, turn.tokenLengthMs)
end

-- What its end is recorded with: version, probe, estimate. One that is no turn has no version.
local function readTurnHead(text)
  local version, probe, estimate = string.match(text, "^([^,]*),([^,]*),([^,]*)")
  return finite(version), probe or "", finite(estimate) or 0
end

local function readTurn(text)
  local version, probe, estimate = readTurnHead(text)
  local cost, shiftMs, dueAt, endAt, lengthMs, tokenEndAt, tokenLengthMs =
    string.match(text, "^[^,]*,[^,]*,[^,]*,([^,]*),([^,]*),([^,]*),([^,]*),([^,]*),?([^,]*),?([^,]*)$")
  return {
    version = version, probe = probe, estimate = estimate, cost = finite(cost) or 1, shiftMs = finite(shiftMs) or 0,
    dueAt = finite(dueAt) or 0, endAt = finite(endAt) or 0, lengthMs = finite(lengthMs) or 0,
    tokenEndAt = finite(tokenEndAt) or 0, tokenLengthMs = finite(tokenLengthMs) or 0,
  }
end
