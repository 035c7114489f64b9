/** A gateway's address with another event stream in its place: one that sends as many events a second as it is told. */
import { createServer, type IncomingMessage, request, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

const tickMs = 20;
const states = ["PENDING", "ACTIVE", "COMPLETED", "FAILED", "SCHEDULED", "DLQ", "CANCELLED"] as const;

export class EventFlood {
  readonly url: string;
  /** Events sent so far, to all readers. */
  sent = 0;
  readonly #server: Server;

  static async open(gatewayUrl: string, eventsPerSecond: number): Promise<EventFlood> {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    return new EventFlood(server, gatewayUrl, eventsPerSecond);
  }

  private constructor(server: Server, gatewayUrl: string, eventsPerSecond: number) {
    this.#server = server;
    this.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    server.on("request", (incoming, outgoing) => {
      if (incoming.url?.startsWith("/api/v1/queues/status/stream")) this.#pour(outgoing, eventsPerSecond);
      else passOn(gatewayUrl, incoming, outgoing);
    });
  }

  #pour(response: ServerResponse, eventsPerSecond: number): void {
    response.writeHead(200, { "content-type": "text/event-stream", "cache-control": "no-store" });
    response.write(eventText(0, { type: "initial_status", ...counts(0), retry_ratio: 0.3 }));
    const startedAt = performance.now();
    let number = 0;
    const timer = setInterval(() => {
      // By the time that has passed, for a timer of a busy machine comes late.
      const due = Math.floor(((performance.now() - startedAt) / 1000) * eventsPerSecond) - number;
      const events = Array.from({ length: due }, () => eventText(++number, change(number)));
      response.write(events.join(""));
      this.sent += due;
    }, tickMs);
    response.on("close", () => clearInterval(timer));
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}

function passOn(gatewayUrl: string, incoming: IncomingMessage, outgoing: ServerResponse): void {
  const { method, headers, url } = incoming;
  const options = { method, headers: { ...headers, host: new URL(gatewayUrl).host } };
  const onward = request(gatewayUrl + url, options, (answer) => {
    outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
    answer.pipe(outgoing);
  });
  onward.on("error", () => outgoing.destroy());
  incoming.pipe(onward);
}

function eventText(number: number, event: unknown): string {
  return `id: flood-${number}\ndata: ${JSON.stringify(event)}\n\n`;
}

function change(number: number) {
  const from = number % 4;
  return {
    type: "task_state_changed",
    task_id: `018f0000-0000-7000-8000-${String(number % 5_000).padStart(12, "0")}`,
    task_type: "summarize",
    old_state: states[from],
    new_state: states[from + 1],
    ...counts(number),
  };
}

function counts(number: number) {
  return {
    queue_depths: { primary: 1_000 + (number % 500), retry: number % 40, scheduled: 12, dlq: 3 },
    state_counts: Object.fromEntries(states.map((state, index) => [state, 100 * index + (number % 90)])),
    timestamp: new Date().toISOString(),
  };
}
