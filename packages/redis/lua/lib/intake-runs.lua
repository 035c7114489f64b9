-- intake-runs: new tasks as they come (intake-record.ts), a JSON array of runs: {plain, queue, priority, id, content, id,
-- content, …} of plain tasks that are alike (lua/lib/tasks.lua), whose ids ascend; {"", a value for each field of
-- lua/lib/intake-records.lua} of any other.
--@include intake-known
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

-- The part of a plain run whose tasks are new.
local function judgePlain(run)
  if isBehindAll(run) or areUnknown(run) then
    noteKnown(run)
    local count = (#run - firstOfRun + 1) / 2
    judged, createdCount = judged + count, createdCount + count
    return run
  end
  local kept = { run[1], run[2], run[3] }
  for i = firstOfRun, #run, 2 do
    local id = run[i]
    local isNew = not isKnown(id)
    acceptedIds[id] = true
    note(isNew and "created" or "exists", id, isNew and "PENDING" or "")
    if isNew then kept[#kept + 1], kept[#kept + 2] = id, run[i + 1] end
  end
  return kept
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
      local isNew = not isKnown(run[2])
      acceptedIds[run[2]] = true
      note(isNew and "created" or "exists", run[2], "PENDING")
      if isNew then kept[#kept + 1] = run end
    end
  end
  return kept
end
