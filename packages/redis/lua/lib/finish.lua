-- finish: the end of every script that moves tasks.
--@include lanes
--@include retry-share
--@include metrics
--@include changes
--@lazy publishChanges from publishing
local function finish()
  writeMetrics()
  if isHeard() then publishChanges() end
end
