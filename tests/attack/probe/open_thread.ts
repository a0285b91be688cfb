// The thread of the positive control; it ends the process with itself.
import { probeAloud } from "./probe.ts";

await probeAloud("open");
close();
