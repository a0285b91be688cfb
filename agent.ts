// The agent compartment, as a thread of its own.
import { runAgent } from "./src/compartments/agent.ts";

void runAgent();
