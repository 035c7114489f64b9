import type { FastifyInstance } from "fastify";
import type { ApiContext } from "./api-context.ts";

/** Credits are charted and warned of whether or not anyone looks: a check at least so often, of the whole fleet. */
const creditsEveryMs = 15 * 60_000;

/** Checks services that tell their credits now and then, until the app closes. */
export function keepServicesCurrent(app: FastifyInstance, { services, status }: ApiContext): void {
  const checked = services.list().filter(({ check }) => check !== null);
  const timer = setInterval(() => {
    for (const info of checked) {
      status.keepCurrent(info, creditsEveryMs).catch((error) => {
        app.log.warn({ err: error, service: info.name }, "a service could not be checked");
      });
    }
  }, creditsEveryMs).unref();
  app.addHook("preClose", async () => {
    clearInterval(timer);
    await status.close();
  });
}
