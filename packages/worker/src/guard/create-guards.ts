import type { Stores } from "@workstream/core";
import { systemClock } from "../clock.ts";
import { endsWithin } from "../deadline.ts";
import type { GuardedService } from "../definition/guarded-service.ts";
import { isServiceDefinition, type ServiceDefinition } from "../definition/service-definition.ts";
import { type Logger, silentLogger } from "../logger.ts";
import { ServiceLoop } from "../services/service-loop.ts";
import { guardsWithDeadlines, storeDeadlineMs } from "../store-with-deadlines.ts";
import { Guards } from "./guards.ts";
import { OutsideService } from "./outside-service.ts";

export interface ServiceCallers {
  /**
   * @throws TypeError for something that `defineService` did not make, and for a second definition of a name
   */
  service(definition: ServiceDefinition): GuardedService;

  /**
   * Ends the waits, gives their turns back and sees the last records through, for at most 10 s. Then nothing can be
   * called any more.
   */
  close(): Promise<void>;
}

const closeWithinMs = 10_000;
const closedMessage = "The guards were closed.";

/** Calls services under guard outside of tasks, with the limiters and breakers that tasks share. */
export function createGuards({
  stores,
  logger = silentLogger,
}: {
  stores: Pick<Stores, "guards">;
  logger?: Logger;
}): ServiceCallers {
  const store = guardsWithDeadlines(stores, storeDeadlineMs);
  const guards = new Guards({ guards: store, clock: systemClock, logger }, []);
  const loop = new ServiceLoop(guards, logger);
  let [isStarted, isClosed] = [false, false];
  return {
    service(definition) {
      if (isClosed) throw new Error(closedMessage);
      if (!isServiceDefinition(definition)) throw new TypeError("A service must come from defineService().");
      const known = guards.get(definition.name);
      if (known && known.definition !== definition) {
        throw new TypeError(`Service "${definition.name}" has two definitions; its callers must share one.`);
      }
      const guard = known ?? guards.add(definition);
      if (!isStarted) loop.start();
      else if (!known) loop.wakeWithin(0);
      isStarted = true;
      return new OutsideService(guard);
    },
    async close() {
      isClosed = true;
      const closed = Promise.all([loop.stop(), guards.close(new Error(closedMessage))]);
      if (await endsWithin(closed, closeWithinMs)) return;
      logger.warn({}, "the store did not hear of the last calls: turns or records of them are lost");
    },
  };
}
