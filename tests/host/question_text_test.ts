import { strict as assert } from "node:assert";
import { rowsAtMost, SHOWN_ROWS } from "../../src/core/question_rows.ts";
import { questionText, readAnswer, readQuestion } from "../../src/host/question_text.ts";
import { exitPlanModeTool } from "../../src/tools/exit_plan_mode.ts";
import { requestPermissionsTool } from "../../src/tools/request_permissions.ts";
import { ToolDesk } from "../tools/desk.ts";

const ASKED = {
  type: "need_clarification",
  question: "Which \x1b[2Jone?",
  options: ["left", "ri\u202eght"],
  allow_custom: true,
} as const;

Deno.test("questionText() shows question and options with every character visible", () => {
  const text = questionText(ASKED, { agentId: "run-1", columns: 60 });
  assert.equal(
    text,
    `An agent asks, and waits for the answer:
  agent     run-1
  │ Which \\x1b[2Jone?
  └ shown as escapes: \\x1b
  [1]       left
  [2]       ri\\u{202e}ght
  or an answer of your own
`,
  );
});

Deno.test("readQuestion() reads the one event, and nothing else", () => {
  assert.deepEqual(readQuestion({ kind: "event", event: ASKED }), ASKED);
  assert.equal(readQuestion({ kind: "event", event: { type: "need_clarification" } }), undefined);
  assert.equal(readQuestion({ kind: "event", event: { ...ASKED, type: "token" } }), undefined);
  assert.equal(readQuestion({ kind: "terminal", status: "completed" }), undefined);
});

/** Characters that take the most room where they are shown, and text as it usually is. */
const FILLERS = [
  "x",
  " ",
  "word ",
  "\u65e5",
  "\u0431",
  "\u200b",
  "\u{e0041}",
  "\u{10ffff}",
  "\ud800",
  "\t",
  "\x1b",
  "\u00a0",
  "\u23ce",
  "\u2420    ",
  "\u26a0\ufe0f ok ",
  "\n",
  "a\n",
  "a\n\n",
  "\r\n",
  "          \n",
  `${"y".repeat(66)}\n`,
  `${"y".repeat(75)}\n\n\n`,
];

Deno.test("questionText() shows whole what the tools take at most, at every width", async (t) => {
  await using desk = new ToolDesk({ isPlanning: true });
  for (const filler of FILLERS) {
    await t.step(JSON.stringify(filler), async () => {
      const plan = largest((text) => ({ plan: `${text}!` }), exitPlanModeTool, filler);
      const wish = largest(
        (text) => ({
          reason: text,
          permissions: Array.from({ length: 3 }, (_, at) => ({
            type: "write_file",
            resource: `/${at}/${text.slice(0, at * 300)}/**`,
            description: text.slice(0, 100),
          })),
        }),
        requestPermissionsTool,
        filler,
      );
      for (
        const [tool, args] of [[exitPlanModeTool, plan], [requestPermissionsTool, wish]] as const
      ) {
        const { pause } = await desk.call(tool, args);
        const question = pause?.question ?? "";
        for (const columns of [30, 31, 47, 79, 80, 200]) {
          const text = questionText({ ...ASKED, question }, { agentId: "run-1", columns });
          assert.doesNotMatch(text, /cut here/, `${tool.name} at ${columns} columns`);
        }
      }
    });
  }
});

/** The arguments with as many of the filler as the tool takes. */
function largest(
  argsOf: (text: string) => Record<string, unknown>,
  tool: typeof exitPlanModeTool,
  filler: string,
): Record<string, unknown> {
  const fits = (count: number) => {
    try {
      return tool.prepare(argsOf(filler.repeat(count))) !== undefined;
    } catch {
      return false;
    }
  };
  let [low, high] = [1, 20_000];
  while (low + 1 < high) {
    const middle = (low + high) >> 1;
    if (fits(middle)) low = middle;
    else high = middle;
  }
  assert.ok(fits(low), "takes none of it");
  return argsOf(filler.repeat(low));
}

Deno.test("questionText() says how much it left out of what no tool would ask", () => {
  const question = "x\n".repeat(SHOWN_ROWS + 5);
  assert.ok(rowsAtMost(question) > SHOWN_ROWS);
  const text = questionText({ ...ASKED, question }, { agentId: "run-1", columns: 80 });
  assert.match(text, /└ cut here: 10 more characters are not shown/);
});

Deno.test("readAnswer() makes the text of an option out of its number", () => {
  const asked = { ...ASKED, options: ["Approve", "Deny"], allow_custom: false };
  const table = [["1", "Approve"], [" 2 ", "Deny"], ["approve", "Approve"], ["3"], ["yes"], [""]];
  for (const [line = "", answer] of table) assert.equal(readAnswer(asked, line), answer, line);
  const open = { ...asked, allow_custom: true };
  assert.equal(readAnswer(open, " neither "), "neither");
  assert.equal(readAnswer(open, "2"), "Deny");
  assert.equal(readAnswer({ ...open, options: null }, "2"), "2");
  assert.equal(readAnswer(open, " "), undefined);
});
