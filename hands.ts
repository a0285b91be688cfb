// The hands compartment, as a thread of its own.
import { runHands } from "./src/compartments/hands.ts";

void runHands();
