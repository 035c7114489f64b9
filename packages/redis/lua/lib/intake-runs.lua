-- intake-runs: new tasks as they come (intake-record.ts), a JSON array of runs: {plain, queue, priority, id, content, id,
-- content, …} of plain tasks that are alike (lua/lib/tasks.lua), {"", a value for each field of lua/lib/intake-records.lua} of any other.
--@include tasks
local firstOfRun = 4
-- Accepted in this very script.
local acceptedIds = {}
--@lazy judge, reserve from intake-checks

-- Index, outcome, id and state of each task that was not simply created as PENDING, and whether one of them is refused.
local exceptions, judged, createdCount, isRefused = {}, 0, 0, false

local function note(outcome, id, state)
  judged = judged + 1
  isRefused = isRefused or outcome == "conflict" or outcome == "no_input"
  if outcome == "created" then createdCount = createdCount + 1 end
  if outcome == "created" and state == "PENDING" then return end
  local count = #exceptions
  exceptions[count + 1], exceptions[count + 2], exceptions[count + 3], exceptions[count + 4] = judged, outcome, id, state
end

local function areNew(run)
  local keys, seen = {}, {}
  for i = firstOfRun, #run, 2 do
    local id = run[i]
    if acceptedIds[id] or seen[id] then return false end
    seen[id] = true
    keys[#keys + 1] = prefix .. "task:" .. id
  end
  return redis.call("EXISTS", unpack(keys)) == 0
end

-- The part of a plain run whose tasks are new.
local function judgePlain(run)
  local areAll, kept = areNew(run), { run[1], run[2], run[3] }
  for i = firstOfRun, #run, 2 do
    local id = run[i]
    local isNew = areAll or not (acceptedIds[id] or redis.call("EXISTS", taskKey(id)) == 1)
    acceptedIds[id] = true
    note(isNew and "created" or "exists", id, isNew and "PENDING" or "")
    if isNew and not areAll then kept[#kept + 1], kept[#kept + 2] = id, run[i + 1] end
  end
  return areAll and run or kept
end

-- The runs that may be created. `ownBatch` is the batch whose reservations count as the caller's own, or empty.
local function judgeRuns(runs, ownBatch)
  local accepted = {}
  for _, run in ipairs(runs) do
    if run[1] ~= "" then
      accepted[#accepted + 1] = judgePlain(run)
    else
      local outcome, id, state = judge(run, ownBatch)
      note(outcome, id, state)
      if outcome == "created" then accepted[#accepted + 1] = run end
    end
  end
  return accepted
end

-- Of runs that are accepted already, those that may be created: what exists is left as it is.
local function keepNew(runs)
  local kept = {}
  for _, run in ipairs(runs) do
    if run[1] ~= "" then
      kept[#kept + 1] = judgePlain(run)
    else
      local isNew = redis.call("EXISTS", taskKey(run[2])) == 0
      note(isNew and "created" or "exists", run[2], "PENDING")
      if isNew then kept[#kept + 1] = run end
    end
  end
  return kept
end
