-- claim-strays: what becomes of tasks that a claim met and that can't be run.
--@include rest
local function settleStrays()
  for _, id in ipairs(expired) do
    cancelTask(loadTask(id), "It was not started in time.", { "error_type", "Expired" })
  end
  for _, id in ipairs(rejected) do
    local task = loadTask(id)
    local missing = task.task_type == "" and "it has no task_type." or "it has no content."
    bury(task, { error = "The task's hash can't be read: " .. missing, errorType = "ValidationError" })
  end
end
