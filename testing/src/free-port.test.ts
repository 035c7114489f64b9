import { createSocket } from "node:dgram";
import { once } from "node:events";
import { createServer } from "node:net";
import { expect, it } from "vitest";
import { freePort } from "./free-port.ts";

it("offers ports that a server can listen on, none twice, and none that the system hands out", async () => {
  const ports: number[] = [];
  for (let n = 0; n < 50; n++) ports.push(await freePort());
  expect(new Set(ports).size).toBe(50);
  expect(Math.max(...ports)).toBeLessThan(32_768);
  const server = createServer().listen(ports[0], "127.0.0.1");
  await once(server, "listening");
  server.close();
});

it("holds a port against every process that asks for one while this one runs", async () => {
  const other = createSocket("udp4").bind(await freePort(), "127.0.0.1");
  const [error] = await once(other, "error");
  expect(error).toMatchObject({ code: "EADDRINUSE" });
  other.close();
});
