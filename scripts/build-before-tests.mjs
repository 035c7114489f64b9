// Before tests that start the program: it is built from the sources as they are. Nothing is done when it is already.
import { buildProgram } from "./steps.mjs";

export async function setup() {
  await buildProgram();
}
