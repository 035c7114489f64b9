import type { ClientError, StreamListener, StreamStatus } from "@workstream/client";
import type { QueueEvent, TaskEvent } from "@workstream/core";
import { until } from "../until.ts";

type LoggedEvent = QueueEvent | TaskEvent;

/** A listener that keeps what it was told, in its order. */
export type StreamLog = {
  listener: StreamListener;
  events: LoggedEvent[];
  ids: (string | null)[];
  /** Events by type, `gap`, and states in brackets. */
  story: string[];
  states: StreamStatus[];
  /** Waits until the stream has told `word`, as in `story`, after the first `from` entries of it. */
  told(word: string, from?: number): Promise<void>;
  lastError(): ClientError | undefined;
};

export function streamLog(): StreamLog {
  const log: StreamLog = {
    events: [],
    ids: [],
    story: [],
    states: [],
    listener: {
      onEvent(event, id) {
        const told = event as LoggedEvent;
        log.events.push(told);
        log.ids.push(id);
        log.story.push(told.type);
      },
      onState(status) {
        log.states.push(status);
        log.story.push(`(${status.state})`);
      },
      onGap: () => void log.story.push("gap"),
    },
    async told(word, from = 0) {
      await until(`${word} in ${log.story.join(" ")}`, () => log.story.includes(word, from));
    },
    lastError: () => log.states.findLast(({ error }) => error)?.error,
  };
  return log;
}
