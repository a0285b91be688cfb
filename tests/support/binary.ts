// The compiled program under test; `deno task test` builds it before any test runs.
import { fileURLToPath } from "node:url";

/** Path of dist/sheath. */
export const SHEATH: string = fileURLToPath(new URL("../../dist/sheath", import.meta.url));
