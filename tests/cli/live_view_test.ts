import { strict as assert } from "node:assert";
import { LiveView } from "../../src/cli/live_view.ts";
import { styleFor } from "../../src/cli/style.ts";
import type { ChildFrame } from "../../src/protocol/frames.ts";
import {
  call,
  complete,
  done,
  events,
  failed,
  received,
  round,
  show,
  type Shown,
  terminal,
  token,
} from "./streams.ts";

const HEAD = "sheath 0.1.0 · run-1 · level kernel · model openai:m · folder /w\n";

function viewOf({ isTerminal = true, isColored = false } = {}): LiveView {
  const style = styleFor({ isColored });
  return new LiveView({ style, isTerminal, agentId: "run-1", workspace: "/w" });
}

function live(frames: readonly ChildFrame[], options = {}): Shown {
  return show(viewOf(options), frames);
}

Deno.test("LiveView shows a run with tools", () => {
  const { both, stdout } = live([
    ...events(
      round(0),
      token("I look"),
      token(" first."),
      call("1", "Read", { file_path: "/w/src/a.ts" }),
      done("1", "x".repeat(2345)),
      call("2", "Glob", { path: "/w", pattern: "**/*" }),
      done("2", "é"),
      round(1),
      call("3", "Edit", { file_path: "/w/src/a.ts", old_string: "x" }),
      done("3", "{}"),
      call("4", "Write", { file_path: "/elsewhere/b.txt", content: "y" }),
      done("4", "no", false),
      call("5", "Write", { file_path: "/w/c.txt", content: "z" }),
      failed("5", "Execution failed: Permission denied by host for: /w/c.txt"),
      failed("6", "Tool not found: Rm"),
      round(2),
      token("Done.\n"),
      complete(12_345),
    ),
    terminal({ status: "completed", result: "Done.\n" }),
  ]);
  assert.equal(
    both,
    `${HEAD}I look first.
✓ Read src/a.ts  2.3 kB
✓ Glob **/*  2 B
✓ Edit src/a.ts  2 B
✗ Write /elsewhere/b.txt  no
✗ Write c.txt  Execution failed: Permission denied by host for: /w/c.txt
✗ Tool not found: Rm
Done.
1 file changed: src/a.ts · 3 rounds · 12,345 tokens · 1.3 s
`,
  );
  assert.equal(stdout, "I look first.\nDone.\n");
});

Deno.test("LiveView ends the last line of what was said", () => {
  const { stdout } = live([...events(token("no newline")), terminal({ status: "completed" })]);
  assert.equal(stdout, "no newline\n");
});

Deno.test("LiveView prints the result when nothing of it was streamed", async (t) => {
  const cases = [
    ["nothing streamed", [], { status: "completed", result: "whole" }, "whole\n"],
    [
      "streamed in an earlier round only",
      [round(0), token("early"), round(1)],
      { status: "completed", result: "whole\n" },
      "early\nwhole\n",
    ],
    ["streamed, whatever the result says", [token("hi ")], {
      status: "completed",
      result: "echo: hi",
    }, "hi \n"],
    ["nothing at all", [], { status: "completed", result: "" }, ""],
    ["a question, which is told where it is asked", [token("I wonder.")], {
      status: "suspended",
      result: "Which one?",
    }, "I wonder.\n"],
    ["a failure's partial text", [], { status: "error", error: "x", result: "par" }, "par\n"],
  ] as const;
  for (const [name, stream, end, expected] of cases) {
    await t.step(name, () => {
      assert.equal(live([...events(...stream), terminal(end)]).stdout, expected);
    });
  }
});

Deno.test("LiveView tells on stderr how a run failed", () => {
  const { stderr, stdout } = live([
    ...events(round(0), token("half")),
    terminal({ status: "error", error: "Round limit reached: 1", reason: "limit", result: "half" }),
  ]);
  assert.equal(
    stderr,
    `${HEAD}sheath: Round limit reached: 1\nno files changed · 1 round · 1.3 s\n`,
  );
  assert.equal(stdout, "half\n");
});

Deno.test("LiveView makes text harmless on a terminal, and leaves it alone elsewhere", async (t) => {
  const said = "\x1b]0;owned\x07\u202eevil";
  const frames = [
    ...events(
      token(said),
      call("1", "Read\x1b[A", { file_path: "a\nb\x1b[2K" }),
      done("1", "", false),
      failed("2", said),
    ),
    terminal({ status: "completed" }),
  ];
  for (const isTerminal of [true, false]) {
    await t.step(String(isTerminal), () => {
      const { stdout, stderr } = live(frames, { isTerminal });
      const harmless = "\\x1b]0;owned\\x07\\u{202e}evil";
      assert.equal(stdout, isTerminal ? `${harmless}\n` : `${said}\n`);
      assert.equal(
        stderr,
        `${HEAD}✗ Read\\x1b[A a b\\x1b[2K  failed\n✗ ${harmless}\nno files changed · 0 rounds · 1.3 s\n`,
      );
    });
  }
});

Deno.test("LiveView colours its own words only when asked to", () => {
  const frames = [...events(failed("1", "no"), token("plain")), terminal({ status: "cancelled" })];
  const { stderr, stdout } = live(frames, { isColored: true });
  assert.equal(
    stderr,
    `\x1b[2m${HEAD.trimEnd()}\x1b[0m\n\x1b[31m✗\x1b[0m \x1b[31mno\x1b[0m\n` +
      "\x1b[31msheath:\x1b[0m cancelled\n\x1b[2mno files changed · 0 rounds · 1.3 s\x1b[0m\n",
  );
  assert.equal(stdout, "plain\n");
});

Deno.test("LiveView ignores events it does not know, and echo's bare end", () => {
  const frames: ChildFrame[] = [
    { kind: "event", event: { type: "from_the_future", content: "x" } },
    { kind: "event", event: { type: "complete" } },
    { kind: "event", event: 7 },
    terminal({ status: "completed", result: "ok" }),
  ];
  assert.equal(live(frames).stdout, "ok\n");
});

Deno.test("LiveView shows notifications on one line", () => {
  const { stderr } = live([
    ...events({
      type: "notification",
      id: "n",
      session_id: "s",
      category: "c",
      priority: "p",
      title: "Disk",
      body: "almost\nfull",
      created_at: "2026-06-18T10:00:00Z",
    }),
    terminal({ status: "completed" }),
  ]);
  assert.match(stderr, /^Disk: almost full$/m);
});

Deno.test("LiveView's activity names agent, round, tool and tokens", () => {
  const view = viewOf();
  assert.equal(view.activity, "run-1 · round 1 · waiting for the model");
  const [began, ...rest] = events(
    round(1),
    call("1", "Read", { file_path: "/w/a" }),
    done("1", ""),
  );
  const budget = {
    system_tokens: 0,
    summary_tokens: 0,
    window_tokens: 0,
    total_tokens: 1500,
    max_context_tokens: 0,
    budget_limit: 0,
    truncation_occurred: false,
    segments_removed: 0,
    prompt_cached_tool_outputs: 0,
    prompt_cached_tool_tokens_saved: 0,
    thinking_tokens: 0,
    cache_read_input_tokens: 0,
  };
  const spent = events({ type: "token_budget_updated", usage: budget });
  const seen = [...(began ? [began] : []), ...spent, ...rest].map((frame) => {
    view.take(received(frame));
    return view.activity;
  });
  assert.deepEqual(seen, [
    "run-1 · round 2 · waiting for the model",
    "run-1 · round 2 · waiting for the model · 1,500 tokens",
    "run-1 · round 2 · Read a · 1,500 tokens",
    "run-1 · round 2 · waiting for the model · 1,500 tokens",
  ]);
});
