// The entry file of the hands thread in the probe build: the real compartment, and a probe beside it.
import { runHands } from "../../../src/compartments/hands.ts";
import { obey } from "./probe.ts";

// Before that it is as it was made, and has heard nobody.
await runHands();
await obey("hands");
