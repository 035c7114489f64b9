-- intake-known: which tasks are there, or were accepted in this very script.
--@include tasks
local firstOfRun = 4
local acceptedIds, acceptedRuns = {}, {}

-- The last in the index of all tasks, in which every task stands by the time in its id, and of what was accepted here.
local latest, latestTime

local function readLatest()
  local last = redis.call("ZRANGE", indexKey, -1, -1, "WITHSCORES")
  latest, latestTime = last[1] or "", tonumber(last[2]) or -1
end

local function isLater(id)
  local time = timeOfId(id)
  return time > latestTime or (time == latestTime and id > latest)
end

local manyIds = 8

-- Ids of a plain run ascend: when the first comes behind all that is there, the whole run is new. One look at the index
-- tells, where an EXISTS looks every key up, which is no more for a few.
local function isBehindAll(run)
  if not latest then
    if #run < firstOfRun + 2 * manyIds or acceptedRuns[1] then return false end
    readLatest()
  end
  return not next(acceptedIds) and isLater(run[firstOfRun])
end

local function noteKnown(run)
  acceptedRuns[#acceptedRuns + 1] = run
  local id = run[#run - 1]
  if latest and isLater(id) then latest, latestTime = id, timeOfId(id) end
end

-- Accepted in this script. Ids of whole runs are told apart only when somebody asks.
local function isAccepted(id)
  for i = #acceptedRuns, 1, -1 do
    for at = firstOfRun, #acceptedRuns[i], 2 do
      acceptedIds[acceptedRuns[i][at]] = true
    end
    acceptedRuns[i] = nil
  end
  return acceptedIds[id]
end

local function isKnown(id)
  return isAccepted(id) or redis.call("EXISTS", taskKey(id)) == 1
end

local function areUnknown(run)
  local keys, count = {}, 0
  for i = firstOfRun, #run, 2 do
    if isAccepted(run[i]) then return false end
    count = count + 1
    keys[count] = prefix .. "task:" .. run[i]
  end
  return redis.call("EXISTS", unpack(keys)) == 0
end
