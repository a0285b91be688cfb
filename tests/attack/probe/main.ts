// The entry file of the probe build: the real program, which does not see the probe's argument.
import { main } from "../../../src/cli/main.ts";

Deno.exit(await main(Deno.args.slice(0, 1), import.meta.url));
