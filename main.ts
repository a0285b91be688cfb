// The program. Only this file ends the process.
import { main } from "./src/cli/main.ts";

Deno.exit(await main(Deno.args, import.meta.url));
