// The entry file of the agent thread in the probe build: the real compartment, and a probe beside it.
import { runAgent } from "../../../src/compartments/agent.ts";
import { obey } from "./probe.ts";

// Before that it is as it was made, and has heard nobody.
await runAgent();
await obey("agent");
