// The gateway compartment, as a thread of its own.
import { runGateway } from "./src/compartments/gateway.ts";

runGateway();
