// The script of `--script`, read from the user's file; what its turns mean the worker judges.
import { parse } from "yaml";
import { messageOf, WorkerError } from "../core/errors.ts";
import { isObject } from "../core/schema.ts";

/**
 * Reads YAML; JSON is YAML too. `path` is for messages.
 * @throws WorkerError `bad_input` for text that is neither, or no object.
 */
export function parseScriptFile(text: string, path: string): Readonly<Record<string, unknown>> {
  let value: unknown;
  try {
    value = parse(text, { logLevel: "error" });
  } catch (cause) {
    const [why = ""] = messageOf(cause).split("\n");
    throw new WorkerError("bad_input", `--script: "${path}": ${why}`, { cause });
  }
  if (isObject(value)) return value;
  throw new WorkerError("bad_input", `--script: "${path}": expected an object with "turns"`);
}
