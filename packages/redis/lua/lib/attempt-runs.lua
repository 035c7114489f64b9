-- attempt-runs: the attempts that a call ends.
-- What trails the arguments are runs of attempts that are alike: ending, type, token, count, then id and text of each.
-- ending is "complete" or "{kind},{errorType},{delayMs},{message}" (lua/lib/settling.lua), text the result, the error, the
-- reason or what it is parked for.
-- Attempts are three lists, alike in order: ids, texts and runs {ending, type, token}. A table for each would be dear.
local function attemptsInRuns()
  local ids, texts, runs, at, count = {}, {}, {}, firstTrailing, 0
  while ARGV[at] do
    local run = { ending = ARGV[at], type = ARGV[at + 1], token = ARGV[at + 2] }
    local last = at + 2 + 2 * ARGV[at + 3]
    for i = at + 4, last, 2 do
      count = count + 1
      ids[count], texts[count], runs[count] = ARGV[i], ARGV[i + 1], run
    end
    at = last + 2
  end
  return ids, texts, runs
end
