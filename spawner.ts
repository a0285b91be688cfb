// The keeper's thread that spawns programs.
import { runSpawner } from "./src/keeper/spawner.ts";

runSpawner();
