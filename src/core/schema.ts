// Building blocks of schemas for JSON that others write: what is read leniently, what is refused,
// and how a refusal is said. Refusals name types, never values: a value may be a secret.
import * as z from "zod";
import { FloatLiteral, marksOf } from "./json_marks.ts";

/** What a schema reads to, as data that nobody changes. */
export type Infer<S extends z.core.SomeType> = Immutable<z.output<S>>;

type Immutable<T> = T extends readonly (infer Item)[] ? readonly Immutable<Item>[]
  : T extends object ? { readonly [Key in keyof T]: Immutable<T[Key]> }
  : T;

/** A string. */
export const text = z.string({ error: expecting("a string") });

/** true or false. */
export const flag = z.boolean({ error: expecting("true or false") });

/** Whole numbers as written; u64 beyond 2^53 loses digits, which no field of ours minds. */
export const u8 = whole(0, 2 ** 8 - 1);
export const u32 = whole(0, 2 ** 32 - 1);
export const u64 = whole(0, 2 ** 64);
export const i64 = whole(-(2 ** 63), 2 ** 63);

/** Any finite number. */
export const float = z.pipe(
  z.transform((raw: unknown) => raw instanceof FloatLiteral ? raw.value : raw),
  z.number({ error: expecting("a number") }),
);

/** Any JSON, `null` too, but it must be there and not be nested too deep. */
export const json = z.transform((raw: unknown, context): unknown => {
  if (raw === undefined) refuse(context, expecting("any JSON")({ input: raw }));
  if (typeof raw !== "object" || raw === null) return raw;
  if (raw instanceof FloatLiteral) return raw.value;
  if (marksOf(raw)?.tooDeep) refuse(context, TOO_DEEP);
  return raw;
});

/** The same for an object, whose keys are not known here. */
export const jsonObject = z.pipe(
  json,
  z.custom<Readonly<Record<string, unknown>>>(isObject, { error: expecting("an object") }),
);

/** One of a few words, exactly. */
export function oneOf<const Words extends readonly [string, ...string[]]>(
  ...words: Words
): z.ZodMiniEnum<z.core.util.ToEnum<Words[number]>> {
  return z.enum(words, { error: expectingWord(listed(words)) });
}

/** An array of one kind. */
export function list<S extends z.core.SomeType>(item: S): z.ZodMiniArray<S> {
  return z.array(item, { error: expecting("an array") });
}

/** An object with keys of any name and values of one kind. */
export function record<S extends z.core.SomeType>(
  value: S,
): z.ZodMiniRecord<z.ZodMiniString, S> {
  return z.record(z.string(), value, { error: expecting("an object") });
}

/** A field that may be left out; read from a struct, `null` means left out too. */
export function optional<S extends z.core.SomeType>(inner: S): z.ZodMiniOptional<S> {
  return z.optional(inner);
}

/** A field that is always written, as `null` when there is none. */
export function nullable<S extends z.core.SomeType>(
  inner: S,
): z.ZodMiniDefault<z.ZodMiniNullable<S>> {
  return z._default(z.nullable(inner), null);
}

/** A field that gets a value when it is left out; `null` is refused. */
export function defaulted<S extends z.core.SomeType>(
  inner: S,
  value:
    | z.core.util.NoUndefined<z.core.output<S>>
    | (() => z.core.util.NoUndefined<z.core.output<S>>),
): z.ZodMiniDefault<S> {
  return z._default(inner, value);
}

/** Adds a refusal to a transform's issues; `undefined` is what the transform then returns. */
export function refuse(
  context: z.core.ParsePayload,
  message: string,
  { path = [] }: { readonly path?: PropertyKey[] } = {},
): undefined {
  context.issues.push({ code: "custom", message, path, input: undefined });
}

/** How a value that is not what was wanted is told: by its type. */
export function expecting(what: string): (issue: { input?: unknown }) => string {
  return ({ input }) =>
    input === undefined ? `missing, expected ${what}` : `expected ${what}, got ${kindOf(input)}`;
}

/** The same for words: a string is not told as such, it is another one than wanted. */
export function expectingWord(wanted: string): (issue: { input?: unknown }) => string {
  return ({ input }) =>
    typeof input === "string"
      ? `expected ${wanted}, got another string`
      : expecting(wanted)({ input });
}

/** Whether a parsed JSON value is an object. */
export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value) &&
    !(value instanceof FloatLiteral);
}

/** Said of a part that is deeper than the reader reads. */
export const TOO_DEEP = "nested too deep";

function whole(least: number, most: number): z.ZodMiniCustom<number, number> {
  const fits = (value: unknown) =>
    Number.isInteger(value) && Number(value) >= least && Number(value) <= most;
  const bounds = most > Number.MAX_SAFE_INTEGER ? "" : ` up to ${most}`;
  const wanted = least < 0 ? "a whole number" : `a whole number from 0${bounds}`;
  return z.custom<number>(fits, { error: expecting(wanted) });
}

/** The words as a choice: `"a", "b" or "c"`; of many only how many. */
export function listed(words: readonly string[]): string {
  if (words.length > 8) return `one of ${words.length} known words`;
  const quoted = words.map((word) => `"${word}"`);
  return quoted.length < 2
    ? quoted.join("")
    : `${quoted.slice(0, -1).join(", ")} or ${quoted.at(-1)}`;
}

function kindOf(value: unknown): string {
  if (value === null) return "null";
  if (Array.isArray(value)) return "an array";
  if (value instanceof FloatLiteral) return "a number not written as a whole one";
  if (typeof value === "number" && !Number.isInteger(value)) return "a number with a fraction";
  if (typeof value === "number" && value < 0) return "a negative number";
  return typeof value === "object" ? "an object" : `a ${typeof value}`;
}
