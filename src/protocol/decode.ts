// From the text a peer sent to checked data, or to one line that says what is wrong with it. The
// decoder of each noun stands beside its schema: a thread then builds only what it reads.
import * as z from "zod";
import { WorkerError } from "../core/errors.ts";
import { readJson } from "./json.ts";
import { MAX_MESSAGE_BYTES } from "./limits.ts";

// Every decoder throws WorkerError `bad_input` with a line like
// `identity.child_id: expected a string, got a number`. Values are never shown: some are secret.

/** Any JSON text by its schema. */
export function decode<S extends z.core.$ZodType>(schema: S, text: string): z.output<S> {
  return check(schema, readJson(text));
}

/** A frame on a link. */
export function decodeFrame<S extends z.core.$ZodType>(schema: S, text: string): z.output<S> {
  limit(text, { most: MAX_MESSAGE_BYTES, what: "frame" });
  return decode(schema, text);
}

/** A value that was JSON. */
export function check<S extends z.core.$ZodType>(
  schema: S,
  value: unknown,
  { at = "" }: { readonly at?: string } = {},
): z.output<S> {
  const read = z.safeParse(schema, value);
  if (read.success) return read.data;
  const issue = read.error.issues[0];
  const place = pathText(at, issue?.path ?? []);
  throw new WorkerError("bad_input", `${place && `${place}: `}${issue?.message}`);
}

/** Characters are at most as many as bytes, so what is refused here is too large in bytes too. */
export function limit(text: string, { most, what }: { most: number; what: string }): void {
  if (text.length <= most) return;
  const size = Math.ceil(text.length / (1024 * 1024));
  throw new WorkerError(
    "bad_input",
    `Cannot read the ${what}: ${size} MiB, expected at most ${most / (1024 * 1024)} MiB`,
  );
}

/** `secrets.provider_credentials[0].api_key`. Names a peer made up are cut and made printable. */
function pathText(at: string, path: readonly PropertyKey[]): string {
  return path.reduce<string>((text, step) => {
    if (typeof step === "number") return `${text}[${step}]`;
    const name = String(step).replace(/[^\x21-\x7e]/g, "?").slice(0, 60);
    return text ? `${text}.${name}` : name;
  }, at);
}
