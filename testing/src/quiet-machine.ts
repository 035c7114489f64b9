import { availableParallelism, loadavg } from "node:os";

/** Where more programs want to run than there are cores, what is quick in itself may take any time: times then prove nothing. */
export function isQuietMachine(): boolean {
  return (loadavg()[0] ?? 0) < availableParallelism();
}
