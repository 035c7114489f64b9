import { type Flow, secondsToEmpty } from "./flow.ts";
import { rateWords, spanWords } from "./flow-words.ts";

/** @param waiting tasks that are pending; what is scheduled waits for its time, not for workers */
export function backpressureWords(flow: Flow, waiting: number): string {
  if (waiting === 0) return "nothing waits";
  const seconds = secondsToEmpty(waiting, flow);
  if (seconds !== null) return `draining, ${spanWords(seconds)} left`;
  return flow.net === 0 ? "standing still" : `growing by ${rateWords(flow.net)}`;
}
