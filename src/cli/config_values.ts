// What a configuration file may say: its keys, their types, and how a refusal is told.
import { isAbsolute, resolve, sep } from "node:path";
import * as z from "zod";
import {
  expecting,
  expectingWord,
  flag,
  type Infer,
  list,
  oneOf,
  optional,
  refuse,
} from "../core/schema.ts";
import { LEVELS } from "../grants/level.ts";
import { isHostPort, isPlainHttpUrl, LEAST_CONTEXT } from "../protocol/check_spec.ts";
import { APPROVE_RULES } from "./approver.ts";
import { splitCommand } from "./command_words.ts";
import { COMMANDS_FLAGS } from "./run_spec.ts";

export type ConfigValues = Infer<ReturnType<typeof configSchema>>;

/** How a provider is reached, and how its key is got: never the key itself. */
export type ProviderValues = Infer<typeof providerSchema>;

export type ConfigIssue = { readonly path: readonly PropertyKey[]; readonly message: string };

export type ReadValues =
  | { readonly type: "values"; readonly values: ConfigValues }
  /** They tell keys and types, never values. */
  | { readonly type: "issues"; readonly issues: readonly ConfigIssue[] };

/** `home` is what `~/` in a path stands for. */
export function readConfigValues(raw: unknown, home: string | undefined): ReadValues {
  const result = z.safeParse(configSchema(home), raw);
  if (result.success) return { type: "values", values: result.data };
  return { type: "issues", issues: result.error.issues.map(plainIssue) };
}

function configSchema(home: string | undefined) {
  const paths = optional(list(absolutePath(home)));
  return section({
    model: optional(model),
    providers: optional(z.record(providerName, providerSchema, { error: sectionError })),
    limits: optional(limitsSchema),
    budget: optional(budgetSchema),
    prices: optional(z.record(text, priceSchema, { error: sectionError })),
    ask: optional(flag),
    approve: optional(oneOf(...APPROVE_RULES)),
    require: optional(oneOf(...LEVELS)),
    commands: optional(oneOf(...COMMANDS_FLAGS)),
    read: paths,
    write: paths,
    skills: optional(absolutePath(home)),
    hosts: optional(hosts),
  }, unknownOrSecret);
}

const text = checked("a text of one line", () => true);
const count = checkedNumber("a whole number from 1 up", (value) => isCount(value, 1));
const contextTokens = checkedNumber(
  `a whole number from ${LEAST_CONTEXT} up`,
  (value) => isCount(value, LEAST_CONTEXT),
);
const dollars = checkedNumber("US dollars such as 0.50", (value) => value > 0 && value <= 1e6);
const rate = checkedNumber("US dollars for a million tokens", (value) => value >= 0 && value < 1e6);
const model = checked("provider:model", (value) => /^[^:]+:./.test(value));
const providerName = checked(
  "a name of letters, digits, . _ -",
  (value) => /^[A-Za-z0-9][\w.-]*$/.test(value) && value !== "scripted",
);
const address = checked(
  "an http or https URL without user, password or query",
  (value) => isPlainHttpUrl(value) && !/[?#]/.test(value),
);

const keyCommand = z.pipe(
  text,
  z.transform((value: string, context) => {
    const command = splitCommand(value);
    if (command.type === "bad") return refuse(context, command.why) ?? value;
    const [program] = command.words;
    const isFound = isAbsolute(program) || !(program.includes("/") || program.includes(sep));
    if (!isFound) refuse(context, "expected a program's name, or its absolute path");
    return value;
  }),
);

const providerSchema = section({
  /** Default: its name where that is one, else OpenAI's. */
  protocol: optional(oneOf("openai", "anthropic", "gemini")),
  base_url: optional(address),
  /** `splitCommand` reads it. */
  key_command: optional(keyCommand),
}, unknownOrSecret);

const limitsSchema = section({
  max_rounds: optional(count),
  run_timeout_secs: optional(count),
  context_tokens: optional(contextTokens),
  output_tokens: optional(count),
});

const budgetSchema = section({
  total_tokens: optional(count),
  cost_usd: optional(dollars),
  tool_calls: optional(count),
  wall_secs: optional(count),
});

const priceSchema = section({
  input: rate,
  output: rate,
  cached_input: optional(rate),
  cache_write: optional(rate),
});

/** `public` is the same as `[public]`. */
const hosts = z.pipe(
  z.transform((raw: unknown) => raw === "public" ? [raw] : raw),
  list(checked('"host:port" or "public"', (value) => value === "public" || isHostPort(value)))
    .check(z.refine((all) => all.length < 2 || !all.includes("public"), {
      error: '"public" stands alone',
    })),
);

function absolutePath(home: string | undefined) {
  return z.pipe(
    text,
    z.transform((value: string, context): string => {
      if (isAbsolute(value)) return resolve(value);
      const isOfHome = value === "~" || value.startsWith("~/") || value.startsWith(`~${sep}`);
      if (isOfHome && home !== undefined) return resolve(home, value.slice(2));
      refuse(context, isOfHome ? "HOME is not set" : "expected an absolute path, or ~/ and more");
      return value;
    }),
  );
}

/** A mapping with these keys and no other. */
function section<Shape extends z.core.$ZodLooseShape>(
  shape: Shape,
  tellUnknown: (key: string, known: string) => string = unknownKey,
) {
  const known = Object.keys(shape).join(", ");
  return z.strictObject(shape, {
    error: (issue) =>
      issue.code === "unrecognized_keys"
        ? tellUnknown(issue.keys[0] ?? "", known)
        : sectionError(issue),
  });
}

function sectionError({ input }: { input?: unknown }): string {
  return expecting("a mapping")({ input });
}

function unknownKey(key: string, known: string): string {
  return `unknown key ${JSON.stringify(key.slice(0, 60))}, expected ${known}`;
}

/** For the places where people put keys. */
function unknownOrSecret(key: string, known: string): string {
  if (!isNameOfKey(key)) return unknownKey(key, known);
  return `${JSON.stringify(key.slice(0, 60))}: keys never stand in this file; ` +
    "set a variable such as OPENAI_API_KEY, or give providers.NAME.key_command";
}

/** `api_key`, `OPENAI_API_KEY`, `authToken`; not `key_env`. */
function isNameOfKey(name: string): boolean {
  const words = name.replace(/([a-z])([A-Z])/g, "$1_$2").toLowerCase().split(/[^a-z]+/);
  return /^(?:api)?(?:keys?|tokens?|secrets?|passw(?:or)?d|credentials?|auth(?:orization)?)$/
    .test(words.at(-1) ?? "");
}

function checked(what: string, holds: (value: string) => boolean): z.ZodMiniCustom<string, string> {
  return z.custom<string>(
    (value) => typeof value === "string" && isText(value) && holds(value),
    { error: expectingWord(what) },
  );
}

function checkedNumber(
  what: string,
  holds: (value: number) => boolean,
): z.ZodMiniCustom<number, number> {
  return z.custom<number>((value) => typeof value === "number" && holds(value), {
    error: expecting(what),
  });
}

function isText(value: string): boolean {
  return value.trim() !== "" && !/\p{Cc}/u.test(value);
}

function isCount(value: number, least: number): boolean {
  return Number.isInteger(value) && value >= least && value <= 0xffff_ffff;
}

function plainIssue(issue: z.core.$ZodIssue): ConfigIssue {
  const { path } = issue;
  switch (issue.code) {
    case "unrecognized_keys":
      return { path: [...path, ...issue.keys.slice(0, 1)], message: under(path, issue.message) };
    case "invalid_key":
      return { path, message: under(path.slice(0, -1), issue.issues[0]?.message ?? "") };
    default:
      return { path, message: under(path, issue.message) };
  }
}

function under(path: readonly PropertyKey[], message: string): string {
  return path.length === 0 ? message : `${path.map(String).join(".")}: ${message}`;
}
