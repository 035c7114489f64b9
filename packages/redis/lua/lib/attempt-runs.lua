-- attempt-runs: the attempts that a call ends.
-- What trails the arguments are runs of attempts that are alike: ending, type, token, count, then id and text of each.
-- ending is "complete" or "{kind},{errorType},{delayMs},{message}" (lua/lib/settling.lua), text the result, the error, the
-- reason or what it is parked for.
-- Attempts are two lists, alike in order, ids and texts; a run {ending, type, token, first, last} says which are its own.
-- A table for each attempt would be dear.
local function attemptsInRuns()
  local ids, texts, runs, at, count = {}, {}, {}, firstTrailing, 0
  while ARGV[at] do
    local last = at + 2 + 2 * ARGV[at + 3]
    local run = { ending = ARGV[at], type = ARGV[at + 1], token = ARGV[at + 2], first = count + 1 }
    for i = at + 4, last, 2 do
      count = count + 1
      ids[count], texts[count] = ARGV[i], ARGV[i + 1]
    end
    run.last = count
    runs[#runs + 1] = run
    at = last + 2
  end
  return ids, texts, runs
end
