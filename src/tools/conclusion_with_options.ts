// conclusion_with_options: shows where the work stands and lets the user choose how it goes on.
import * as z from "zod";
import { atOnce } from "./at_once.ts";
import { badInput, readInput, someText, textList } from "./input.ts";
import { quoted } from "./path_text.ts";
import { pauseOutcome } from "./pause_outcome.ts";
import type { AgentTool } from "./tool.ts";

const MAX_OPTIONS = 6;
const MAX_OPTION = 200;
const MAX_NEXT_STEPS = 8;
const MAX_KEY_POINTS = 20;
const DEFAULT_OPTIONS = ["OK", "Need changes"];

const mermaid = z.object({
  title: z.optional(z.string().check(z.describe("What the diagram shows."))),
  graph: someText("The diagram as Mermaid text."),
});

const conclusion = z.object({
  title: z.optional(z.string().check(z.describe("A headline of a few words."))),
  summary: someText("What was found or done, so that it can be judged without reading more."),
  key_points: z.optional(textList("What matters most.", { most: MAX_KEY_POINTS })),
  next_steps: z.optional(
    textList(`What could come next, up to ${MAX_NEXT_STEPS}.`, { most: MAX_NEXT_STEPS }),
  ),
  confidence: z.optional(
    z.string().check(z.describe("How sure you are, for example high, medium or low.")),
  ),
  mermaid: mermaid.check(z.describe("A diagram that goes with it.")),
});

const input = z.object({
  question: someText("What the user is to decide."),
  conclusion: conclusion.check(z.describe("Where the work stands.")),
  options: z.optional(
    textList(`The choices, up to ${MAX_OPTIONS}; without them: ${DEFAULT_OPTIONS.join(", ")}.`, {
      most: MAX_OPTIONS,
    }),
  ),
  allow_custom: z._default(z.boolean(), true).check(
    z.describe("Whether the user may also answer in other words."),
  ),
});

export const conclusionWithOptionsTool: AgentTool = {
  name: "conclusion_with_options",
  runs: "agent",
  pauses: true,
  description:
    `Shows the user a conclusion and asks one question; the run waits for the answer. Use it when \
the work is done or cannot go on without a decision that is the user's. Write your findings as text \
in the same message, before the call. Do not ask what you can find out yourself.`,
  input,
  arguments: "repaired",
  prepare(raw) {
    readRequest(raw);
    return { mutating: false, needs: [] };
  },
  perform(raw, _desk, signal) {
    return atOnce(signal, () => {
      const { question, conclusion, options, allow_custom } = readRequest(raw);
      const pause = {
        question: `${question}\n\n${textOf(conclusion)}`,
        options,
        allowCustom: allow_custom,
        subject: { type: "anything" },
      } as const;
      return pauseOutcome(pause, {
        status: "awaiting_user_input",
        display: "conclusion_with_options",
        question,
        more: { conclusion },
      });
    });
  },
};

type Request = z.output<typeof input> & { readonly options: readonly string[] };

function readRequest(raw: Readonly<Record<string, unknown>>): Request {
  const request = readInput(input, raw);
  const given = request.options ?? [];
  const seen = new Set<string>();
  for (const [index, option] of given.entries()) {
    const key = `options.${index}`;
    if (option.length > MAX_OPTION) {
      throw badInput(key, `expected at most ${MAX_OPTION} characters, got ${option.length}`);
    }
    const folded = option.trim().toLowerCase();
    if (folded === "") throw badInput(key, "expected a choice, got only blanks");
    if (seen.has(folded)) throw badInput(key, `expected another choice than ${quoted(option)}`);
    seen.add(folded);
  }
  return { ...request, options: given.length === 0 ? DEFAULT_OPTIONS : given };
}

/** What is to be judged, for a host that shows nothing but the question. */
function textOf({ title, summary, key_points, next_steps }: Request["conclusion"]): string {
  const list = (name: string, items: readonly string[] = []) =>
    items.length === 0 ? [] : [[`${name}:`, ...items.map((item) => `- ${item}`)].join("\n")];
  const parts = [
    title?.trim() ?? "",
    summary,
    ...list("Key points", key_points),
    ...list("Next steps", next_steps),
  ];
  return parts.filter((part) => part !== "").join("\n\n");
}
