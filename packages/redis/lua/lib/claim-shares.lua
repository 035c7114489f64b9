-- claim-shares: which lists of a queue a claim takes from. Shares are in thousandths and carry their remainder in
-- `tasks:shares`, so that they hold for claims of one task too.
--@include claim-lists
--@include retry-share
local carries = {}

local function shareOf(field, count, thousandths)
  local x = count * thousandths + tonumber(redis.call("HGET", sharesKey, field) or 0)
  carries[#carries + 1] = field
  carries[#carries + 1] = x % 1000
  return math.floor(x / 1000)
end

-- Takes the strict lanes, then the tenth of the lowest lane, then retries.
local function takeFrom(lists, queue, wanted)
  if wanted == 0 then return end
  local retries, waiting = lists.retry.depth, lists.high.depth + lists.normal.depth + lists.low.depth
  local retryPart = retries > 0 and wanted or 0
  if retries > 0 and waiting > 0 then
    local thousandths = retryShare(retries, share)
    retryPart = math.min(shareOf(queue .. ":retry", wanted, thousandths), retries)
  end
  local lanePart = math.min(wanted - retryPart, waiting)
  retryPart = math.min(wanted - lanePart, retries)

  local lanes = {}
  for _, name in ipairs({ "high", "normal", "low" }) do
    if lists[name].depth > 0 then lanes[#lanes + 1] = lists[name] end
  end
  local lowest, lowPart = lanes[#lanes], 0
  if #lanes > 1 and lanePart > 0 then
    lowPart = math.min(shareOf(queue .. ":lane", lanePart, 100), lowest.depth)
  end
  local before, strict = takenCount, lanePart - lowPart
  for _, lane in ipairs(lanes) do
    local part = math.min(strict, lane.depth - (lane == lowest and lowPart or 0))
    look(lane, part)
    strict = strict - part
  end
  if lowPart > 0 then look(lowest, lowPart) end
  look(lists.retry, retryPart)
  -- Expired and stray ids leave room: whoever comes next takes it.
  for _, list in ipairs({ lists.high, lists.normal, lists.low, lists.retry }) do
    look(list, wanted - (takenCount - before))
  end
end
