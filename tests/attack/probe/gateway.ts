// The entry file of the gateway thread in the probe build: the real compartment, and a probe beside it.
import { runGateway } from "../../../src/compartments/gateway_start.ts";
import { obey } from "./probe.ts";

runGateway(import.meta.url).then(() => obey("gateway"));
