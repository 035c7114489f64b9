import { once } from "node:events";
import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach } from "vitest";

export type ReceivedRequest = {
  method: string;
  url: string;
  headers: Record<string, unknown>;
  body: string;
};

export type RecordingServer = { url: string; requests: ReceivedRequest[] };

/** Registers the hook that ends its servers, and answers how to start one, which answers every request as told. */
export function useRecordingServer(): (answer?: RequestListener) => Promise<RecordingServer> {
  const ends: (() => void)[] = [];
  afterEach(() => {
    for (const end of ends.splice(0)) end();
  });
  return async (answer = (_request, response) => response.end("{}")) => {
    const requests: ReceivedRequest[] = [];
    const server = createServer(async (request, response) => {
      let body = "";
      for await (const chunk of request.setEncoding("utf8")) body += chunk;
      const { method = "", url = "", headers } = request;
      requests.push({ method, url, headers, body });
      answer(request, response);
    });
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    ends.push(() => {
      server.close();
      server.closeAllConnections();
    });
    return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, requests };
  };
}
