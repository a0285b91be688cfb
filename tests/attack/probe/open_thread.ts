// The thread of the positive control; it ends the process with itself.
import { obey } from "./probe.ts";

await obey("open");
close();
