// The script of the scripted provider: what each turn says, read from JSON or YAML that people
// write. Playing it is scripted.ts's.
import * as z from "zod";
import { WorkerError } from "../core/errors.ts";
import { expecting, type Infer, list, oneOf, text, u32, u64 } from "../core/schema.ts";

/** Says what is wrong with the first field that is, by its place in the script. */
export function parseScript(value: unknown): Script {
  const result = z.safeParse(scriptSchema, value);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  const place = pathText(issue?.path ?? []);
  const message = issue?.message ?? "not a script";
  throw new WorkerError("bad_input", place === "" ? `script: ${message}` : `${place}: ${message}`);
}

/** A text, or its pieces as they are streamed. */
const pieces = z.union([text, list(text)], {
  error: expecting("a string or an array of strings"),
});

const toolCallSchema = object({
  name: text,
  /** Named arguments, or the very text a model would write. `{workspace}` stands for the folder. */
  arguments: z.optional(
    z.union([text, z.record(z.string(), z.unknown())], {
      error: expecting("an object or a string"),
    }),
  ),
  id: z.optional(text),
});

const usageSchema = object({
  prompt_tokens: u64,
  completion_tokens: u64,
  cached_prompt_tokens: z.optional(u64),
  reasoning_tokens: z.optional(u64),
});

/** Said in the order of the fields; an error comes after the text. */
const turnSchema = object({
  /** What the newest messages, tool results or the user's words, must hold. */
  expect: z.optional(pieces),
  delay_ms: z.optional(u32),
  reasoning: z.optional(pieces),
  text: z.optional(pieces),
  /** Fails the call: with an HTTP status as a server would, without one as a lost connection. */
  error: z.optional(object({ status: z.optional(u32), message: z.optional(text) })),
  tool_calls: z.optional(list(toolCallSchema)),
  /** Otherwise `tool_calls` after calls and `done` without. */
  stop: z.optional(oneOf("max_tokens", "refused")),
  /** Otherwise an estimate of 4 characters a token. */
  usage: z.optional(usageSchema),
});

const scriptSchema = object({ turns: list(turnSchema) });

/** One turn for each call of the model. */
export type Script = Infer<typeof scriptSchema>;
export type Turn = Infer<typeof turnSchema>;
export type ScriptedCall = Infer<typeof toolCallSchema>;

/** An object in which a field that is not known is a mistake, not an extension. */
function object<Shape extends z.core.$ZodLooseShape>(
  shape: Shape,
): z.ZodMiniObject<z.core.util.Writeable<Shape>, z.core.$strict> {
  return z.strictObject(shape, {
    error: (issue) =>
      issue.code === "unrecognized_keys"
        ? `unknown field "${issue.keys[0]}"`
        : expecting("an object")(issue),
  });
}

function pathText(path: readonly PropertyKey[]): string {
  return path.map((part) => typeof part === "number" ? `[${part}]` : `.${String(part)}`).join("")
    .replace(/^\./, "");
}
