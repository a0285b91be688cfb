// Reads a tool's arguments by its schema, or says what is wrong with them for the model to mend.
import * as z from "zod";
import { WorkerError } from "../core/errors.ts";

/**
 * The known arguments, typed; unknown ones are ignored and null counts as left out, in objects
 * inside of them too.
 * @throws WorkerError `bad_input`: `<key>: expected …, got …`.
 */
export function readInput<Schema extends z.ZodMiniObject>(
  schema: Schema,
  raw: Readonly<Record<string, unknown>>,
): z.output<Schema> {
  const given = Object.keys(schema.shape)
    .filter((key) => Object.hasOwn(raw, key) && raw[key] !== null)
    .map((key) => [key, withoutNulls(raw[key])]);
  const read = z.safeParse(schema, Object.fromEntries(given), { error: lineOf });
  if (read.success) return read.data;
  const lines = read.error.issues.map(({ path, message }) => `${path.join(".")}: ${message}`);
  throw new WorkerError("bad_input", lines.join("; "));
}

/** A refusal of arguments that are each of the right type but do not go together. */
export function badInput(key: string, problem: string): WorkerError {
  return new WorkerError("bad_input", `${key}: ${problem}`);
}

/** A text of at least one character; in the JSON Schema a plain string, as the reference has it. */
export function someText(description: string): z.ZodMiniString {
  const isSome = (value: string) => value !== "";
  const error = "expected some text, got an empty one";
  return z.string().check(z.refine(isSome, { error }), z.describe(description));
}

/** A whole number in bounds; in the JSON Schema a plain number, as the reference has it. */
export function wholeNumber(
  description: string,
  { least, most = Infinity }: { readonly least: number; readonly most?: number },
): z.ZodMiniNumber {
  const fits = (value: number) => Number.isInteger(value) && value >= least && value <= most;
  const bounds = most === Infinity ? `of at least ${least}` : `from ${least} to ${most}`;
  const error = ({ input }: { readonly input?: unknown }) =>
    `expected a whole number ${bounds}, got ${String(input)}`;
  return z.number().check(z.refine(fits, { error }), z.describe(description));
}

/** A list of texts; in the JSON Schema without a limit, as the reference has it. */
export function textList(
  description: string,
  { most }: { readonly most: number },
): z.ZodMiniArray<z.ZodMiniString> {
  const fits = (values: readonly string[]) => values.length <= most;
  const error = ({ input }: { readonly input?: unknown }) =>
    `expected at most ${most} texts, got ${Array.isArray(input) ? input.length : "none"}`;
  const item = someText("One of them.");
  return z.array(item).check(z.refine(fits, { error }), z.describe(description));
}

const NOUNS = new Map([
  ["string", "a string"],
  ["number", "a number"],
  ["int", "a whole number"],
  ["boolean", "true or false"],
  ["array", "an array"],
  ["object", "an object"],
]);

function withoutNulls(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutNulls);
  if (typeof value !== "object" || value === null) return value;
  const kept = Object.entries(value).filter(([, part]) => part !== null);
  return Object.fromEntries(kept.map(([key, part]) => [key, withoutNulls(part)]));
}

function lineOf(issue: z.core.$ZodRawIssue): string {
  return `expected ${wantedBy(issue)}, got ${kindOf(issue.input)}`;
}

function wantedBy(issue: z.core.$ZodRawIssue): string {
  if (issue.code === "invalid_type") return NOUNS.get(issue.expected) ?? issue.expected;
  if (issue.code === "too_small") return `at least ${issue.minimum}`;
  if (issue.code === "too_big") return `at most ${issue.maximum}`;
  if (issue.code !== "invalid_value") return "another value";
  return issue.values.map((value) => JSON.stringify(value)).join(" or ");
}

function kindOf(value: unknown): string {
  if (value === undefined) return "nothing";
  if (value === null) return "null";
  if (Array.isArray(value)) return "an array";
  if (typeof value === "object") return "an object";
  return JSON.stringify(value).slice(0, 60);
}
