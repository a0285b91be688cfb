// The program's version, as `--version`, the record and the first line of a run tell it.

/** The same as in deno.json. */
export const VERSION = "0.1.0";
