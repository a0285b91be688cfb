// The gateway compartment, as a thread of its own.
import { runGateway } from "./src/compartments/gateway_start.ts";

void runGateway(import.meta.url);
