-- finish: the end of every script that moves tasks.
--@include metrics
--@include changes
local function finish()
  writeMetrics()
  publishChanges()
end
