import { expect, it } from "vitest";
import { CallTimeout } from "./call-timer.ts";
import { transportFault } from "./transport-fault.ts";

/** As fetch throws it: the network's error is the cause of its own. */
function failed(code: string): TypeError {
  return new TypeError("fetch failed", { cause: Object.assign(new Error("…"), { code }) });
}

it.each([
  ["no connection within fetch's 10 s", failed("UND_ERR_CONNECT_TIMEOUT"), "NetworkTimeout"],
  ["no headers within fetch's 300 s", failed("UND_ERR_HEADERS_TIMEOUT"), "NetworkTimeout"],
  ["a reset", failed("ECONNRESET"), "NetworkTimeout"],
  ["a closed connection", failed("UND_ERR_SOCKET"), "NetworkTimeout"],
  ["a body that ends early", new TypeError("terminated"), "NetworkTimeout"],
  ["our own limit", new CallTimeout("no full answer within 5 ms"), "NetworkTimeout"],
  ["a refused connection", failed("ECONNREFUSED"), "ServiceUnavailable"],
  ["an unknown host", failed("ENOTFOUND"), "ServiceUnavailable"],
  ["a certificate that does not do", failed("CERT_HAS_EXPIRED"), "ServiceUnavailable"],
  ["something else", new TypeError("fetch failed"), "ServiceUnavailable"],
])("takes %s for a failure of the service", (_, error, errorType) => {
  const fault = transportFault(error, "models.example");
  expect(fault).toMatchObject({ errorType, state: "service_unavailable", isServiceFault: true });
  expect(fault.message).toContain("models.example");
  expect(fault.cause).toBeUndefined();
});
