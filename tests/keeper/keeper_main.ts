// The keeper's process from its sources, as the compiled program's hidden subcommand starts it.
import { runKeeper } from "../../src/keeper/keeper.ts";

Deno.exit(await runKeeper(new URL("../../main.ts", import.meta.url).href));
