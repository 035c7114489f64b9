import type { StreamStatus } from "@workstream/client";
import type { QueueEvent, QueueStatusView } from "@workstream/core";
import { CliError } from "./cli-error.ts";
import type { GatewayClient } from "./gateway-client.ts";
import { createLiveRegion } from "./live-region.ts";
import { isTerminal, note, print } from "./output.ts";
import { figuresAfter, type QueueFigures, statusLine, statusTables } from "./queue-view.ts";

type FiguresView = {
  show(figures: QueueFigures): void;
  /** The figures may be out of date, because of this. */
  doubt(figures: QueueFigures | null, why: string): void;
};

/** Shows the figures as they change, for as long as it is let; a gateway that goes away is waited for. */
export async function watchQueues(gateway: GatewayClient, { isJson }: { isJson: boolean }): Promise<never> {
  // What is wrong from the beginning is told as any command tells it.
  await gateway.get<QueueStatusView>("/api/v1/queues/status");
  const view = figuresView(isJson);
  let figures: QueueFigures | null = null;
  const { error } = await new Promise<StreamStatus>((resolve) => {
    gateway.queueEvents({
      onEvent(event) {
        const next = figuresAfter(event as QueueEvent, figures);
        if (!next || JSON.stringify(next) === JSON.stringify(figures)) return;
        figures = next;
        view.show(next);
      },
      onState(status) {
        if (status.state === "closed") resolve(status);
        if (status.state === "waiting" && status.attempt === 1)
          view.doubt(figures, `The gateway at ${gateway.url} went away. This goes on when it is back.`);
      },
    });
  });
  throw new CliError("failed", `The gateway at ${gateway.url} ended the stream. ${error?.detail ?? ""}`);
}

function figuresView(isJson: boolean): FiguresView {
  const doubt: FiguresView["doubt"] = (_figures, why) => note(why);
  if (isJson) return { show: (figures) => print(JSON.stringify(figures)), doubt };
  if (!isTerminal())
    return { show: (figures) => print(`${new Date().toISOString()} ${statusLine(figures)}`), doubt };
  const region = createLiveRegion(process.stdout);
  return {
    show: (figures) => region(statusTables(figures)),
    doubt: (figures, why) => region(figures === null ? why : `${statusTables(figures)}\n\n${why}`),
  };
}
