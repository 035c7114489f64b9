-- claim-duplicates: an id that stands twice where tasks wait is taken once. Only plain ones are met here: the others are
-- known by then (lua/lib/claim-rest.lua).
local function dropFromReply()
  local met = {}
  for _, run in ipairs(plainRuns) do
    local last, kept = #run, 1
    for i = 2, last, 2 do
      local id, content = run[i], run[i + 1]
      if not met[id] then
        met[id], run[kept + 1], run[kept + 2] = true, id, content
        kept = kept + 2
      end
    end
    for i = kept + 1, last do
      run[i] = nil
    end
  end
end

local function dropDuplicates()
  local met, kept = {}, 0
  for i = 1, takenCount do
    local id = takenIds[i]
    if not met[id] then
      met[id], kept = true, kept + 1
      for _, list in pairs(taken) do
        list[kept] = list[i]
      end
    end
  end
  takenCount = kept
  dropFromReply()
end
