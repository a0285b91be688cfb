import { strict as assert } from "node:assert";
import { conclusionWithOptionsTool } from "../../src/tools/conclusion_with_options.ts";
import { ToolDesk } from "./desk.ts";

const CONCLUSION = {
  title: "Done",
  summary: "The parser is mended",
  key_points: ["one test was wrong"],
  next_steps: ["release"],
  confidence: "high",
  mermaid: { title: "Flow", graph: "graph TD; a-->b" },
};
const ARGS = { question: "Release it?", conclusion: CONCLUSION };

Deno.test("conclusion_with_options pauses with the conclusion and its options", async () => {
  await using desk = new ToolDesk();
  const outcome = await desk.call(conclusionWithOptionsTool, {
    ...ARGS,
    options: ["Now", "Tomorrow"],
    allow_custom: false,
  });
  assert.deepEqual(outcome, {
    result: {
      success: true,
      result: JSON.stringify({
        status: "awaiting_user_input",
        question: "Release it?",
        conclusion: CONCLUSION,
        options: ["Now", "Tomorrow"],
        allow_custom: false,
      }),
      display_preference: "conclusion_with_options",
    },
    pause: {
      question: `Release it?

Done

The parser is mended

Key points:
- one test was wrong

Next steps:
- release`,
      options: ["Now", "Tomorrow"],
      allowCustom: false,
      subject: { type: "anything" },
    },
  });
});

Deno.test("conclusion_with_options has options of its own, and takes any answer", async () => {
  await using desk = new ToolDesk();
  const conclusion = { summary: "All is well", mermaid: { graph: "graph TD" } };
  for (const options of [undefined, null, []]) {
    const args = { ...ARGS, conclusion, options };
    const { pause } = await desk.call(conclusionWithOptionsTool, args);
    assert.deepEqual(pause, {
      question: "Release it?\n\nAll is well",
      options: ["OK", "Need changes"],
      allowCustom: true,
      subject: { type: "anything" },
    });
  }
});

function withConclusion(changes: object): Record<string, unknown> {
  return { ...ARGS, conclusion: { ...CONCLUSION, ...changes } };
}

Deno.test("conclusion_with_options.prepare() names what is wrong", () => {
  const many = (count: number) => Array.from({ length: count }, (_, index) => `step ${index}`);
  const table: readonly (readonly [args: Record<string, unknown>, message: string])[] = [
    [{ ...ARGS, question: "" }, "question: expected some text, got an empty one"],
    [{ question: "x" }, "conclusion: expected an object, got nothing"],
    [withConclusion({ summary: "" }), "conclusion.summary: expected some text, got an empty one"],
    [withConclusion({ mermaid: null }), "conclusion.mermaid: expected an object, got nothing"],
    [
      withConclusion({ mermaid: { graph: 3 } }),
      "conclusion.mermaid.graph: expected a string, got 3",
    ],
    [
      withConclusion({ next_steps: many(9) }),
      "conclusion.next_steps: expected at most 8 texts, got 9",
    ],
    [{ ...ARGS, options: many(7) }, "options: expected at most 6 texts, got 7"],
    [{ ...ARGS, options: ["a", ""] }, "options.1: expected some text, got an empty one"],
    [{ ...ARGS, options: ["a", " "] }, "options.1: expected a choice, got only blanks"],
    [{ ...ARGS, options: ["a", "b", " A"] }, 'options.2: expected another choice than " A"'],
    [
      { ...ARGS, options: ["x".repeat(201)] },
      "options.0: expected at most 200 characters, got 201",
    ],
    [{ ...ARGS, allow_custom: "no" }, 'allow_custom: expected true or false, got "no"'],
  ];
  for (const [args, message] of table) {
    assert.throws(() => conclusionWithOptionsTool.prepare(args), { fault: "bad_input", message });
  }
  assert.deepEqual(conclusionWithOptionsTool.prepare(withConclusion({ next_steps: many(8) })), {
    mutating: false,
    needs: [],
  });
});
