-- settling: the end of attempts, each for the holder of its lease only. Uses workerId.
-- An attempt is {id, text, run}, and run, which others may share, {ending, type, token}; `message` in an ending is the fingerprint
-- of the error that buries a task (core/error-group.ts).
--@include rest
--@include lane-changes
--@include joining
local function failure(attempt)
  return { error = attempt.text, errorType = attempt.errorType, message = attempt.message }
end

local function delay(task, attempt, more)
  local dueAt = now + attempt.delayMs
  local history = historyWith(task, stepsFrom(task, "S", now))
  writeTask(task, append({ "state", "SCHEDULED", "retry_after", dueAt, "history", history }, unpack(more)))
  append(scheduledAdds, dueAt, task.id)
  changed(task.id, task.task_type, "ACTIVE", "SCHEDULED")
end

-- Made when it is first asked for: a closure for each would cost every script that only completes.
local function settlementsByKind()
  return {
    back_off = function(task, attempt)
      local fault, dueAt = failure(attempt), now + attempt.delayMs
      fault.transition = "ACTIVE → SCHEDULED"
      local history = historyWith(task, stepsFrom(task, "F", now, "S", now))
      writeTask(task, append(failedFields(task, fault), "state", "SCHEDULED", "retry_after", dueAt, "history", history,
        "retry_count", numberOf(task.retry_count, 0) + 1))
      append(scheduledAdds, dueAt, task.id)
      tally("retried")
      failedFirst(task, "SCHEDULED")
    end,
    bury = function(task, attempt)
      bury(task, failure(attempt))
    end,
    rest = function(task, attempt)
      local fault = failure(attempt)
      fault.transition = "ACTIVE → FAILED"
      local history = historyWith(task, stepsFrom(task, "F", now))
      writeTask(task, append(failedFields(task, fault), "state", "FAILED", "completed_at", now, "history", history))
      redis.call("ZADD", failedKey, now, task.id)
      tally("failed")
      changed(task.id, task.task_type, "ACTIVE", "FAILED")
    end,
    snooze = function(task, attempt)
      delay(task, attempt, {})
    end,
    park = function(task, attempt)
      local name, fields = parkedFields(attempt.text)
      if name then attempt.delayMs = joinLine(name, task.id, now + attempt.delayMs) - now end
      delay(task, attempt, { "parked_at", now, unpack(fields) })
    end,
    cancel = function(task, attempt)
      cancelTask(task, attempt.text)
    end,
    release = function(task)
      writeTask(task, { "state", "PENDING", "history", historyWith(task, stepsFrom(task, "P", now)) })
      queueUp("LPUSH", task, hasFailed(task))
      changed(task.id, task.task_type, "ACTIVE", "PENDING")
    end,
  }
end

local settlements

local function settleOtherwise(task, attempt)
  local kind, errorType, delayMs, message = string.match(attempt.run.ending, "^([^,]*),([^,]*),([^,]*),?(.*)$")
  attempt.errorType, attempt.delayMs, attempt.message = errorType, delayMs, message
  settlements = settlements or settlementsByKind()
  settlements[kind](task, attempt)
end
