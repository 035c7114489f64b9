// Loaded before the program: the host's name is that of SHOWN_HOST, so that one machine looks like several.
import { syncBuiltinESMExports } from "node:module";
import os from "node:os";

const { SHOWN_HOST } = process.env;
if (SHOWN_HOST) {
  os.hostname = () => SHOWN_HOST;
  syncBuiltinESMExports();
}
