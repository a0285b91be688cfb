import { strict as assert } from "node:assert";
import {
  type Answer,
  Approver,
  type ApproveRule,
  type Asker,
  ruleFor,
} from "../../src/cli/approver.ts";

const SCENE = { agentId: "run-1", level: "kernel", workspace: "/w", why: "w", columns: 80 };
const WRITE = { tool_name: "Write", permission: "Write files to disk", resource: "/w/a" };
const COMMAND = { tool_name: "Bash", permission: "Execute shell commands", resource: "ls" };
const NEVER = new AbortController().signal;

type Made = { readonly approver: Approver; readonly notes: string[]; readonly asked: string[] };

function approverWith(rule: ApproveRule | undefined, answer?: Answer | Error): Made {
  const notes: string[] = [];
  const asked: string[] = [];
  const asker: Asker = {
    ask(text) {
      asked.push(text.split("\n").at(-2) ?? "");
      return answer instanceof Error ? Promise.reject(answer) : Promise.resolve(answer ?? "no");
    },
  };
  const approver = new Approver({
    rule,
    asker: answer === undefined ? undefined : asker,
    note: (line) => notes.push(line),
  });
  return { approver, notes, asked };
}

Deno.test("answer() follows the rule, then the terminal, else denies", async (t) => {
  const wouldAllow = "(no terminal to ask at; --approve all would allow it)";
  const cases = [
    ["all", undefined, COMMAND, true, ["allowed by --approve all: Execute shell commands: ls"]],
    ["edits", undefined, WRITE, true, ["allowed by --approve edits: Write files to disk: /w/a"]],
    ["edits", undefined, COMMAND, false, [`denied: Execute shell commands: ls ${wouldAllow}`]],
    ["edits", "once", COMMAND, true, []],
    ["never", "run", WRITE, false, ["denied: Write files to disk: /w/a (--approve never)"]],
    [undefined, "once", WRITE, true, []],
    [undefined, "run", WRITE, true, []],
    [undefined, "no", WRITE, false, []],
    [undefined, new Error("gone"), WRITE, false, []],
    [undefined, undefined, WRITE, false, [
      "denied: Write files to disk: /w/a (no terminal to ask at; --approve edits would allow it)",
    ]],
    ["all", "once", { tool_name: "Write" }, false, ["denied: a request that cannot be read"]],
  ] as const;
  for (const [rule, answer, body, expected, said] of cases) {
    await t.step(`${rule} ${answer} ${JSON.stringify(body).slice(0, 30)}`, async () => {
      const { approver, notes } = approverWith(rule, answer);
      assert.equal(await approver.answer(body, SCENE, NEVER), expected);
      assert.deepEqual(notes, said);
    });
  }
});

Deno.test("answer() asks one question after another", async () => {
  const first = Promise.withResolvers<Answer>();
  const asked: string[] = [];
  const asker: Asker = {
    ask(text) {
      asked.push(text.includes("/w/a") ? "write" : "command");
      return asked.length === 1 ? first.promise : Promise.resolve("no");
    },
  };
  const approver = new Approver({ rule: undefined, asker, note: () => {} });
  const answers = [WRITE, COMMAND].map((body) => approver.answer(body, SCENE, NEVER));
  await Promise.resolve();
  assert.deepEqual(asked, ["write"]);
  first.resolve("once");
  assert.deepEqual(await Promise.all(answers), [true, false]);
  assert.deepEqual(asked, ["write", "command"]);
});

Deno.test("answer() does not ask for a run that is over", async () => {
  const { approver, asked } = approverWith(undefined, "once");
  assert.equal(await approver.answer(WRITE, SCENE, AbortSignal.abort()), false);
  assert.deepEqual(asked, []);
});

Deno.test("answer() remembers an always for the very same act, and no other", async () => {
  const { approver, asked, notes } = approverWith(undefined, "run");
  const others = [
    { ...COMMAND, resource: "ls " },
    { ...COMMAND, permission: "Run interactive terminal sessions" },
    { ...COMMAND, tool_name: "BashOutput" },
  ];
  const acts = [COMMAND, COMMAND, ...others, COMMAND];
  const answers = await Promise.all(acts.map((act) => approver.answer(act, SCENE, NEVER)));
  assert.deepEqual(answers, acts.map(() => true));
  assert.equal(asked.length, 4);
  const said = "allowed for this run before: Execute shell commands: ls";
  assert.deepEqual(notes, [said, said]);
});

Deno.test("answer() asks again for what was allowed once or denied", async () => {
  for (const answer of ["once", "no"] as const) {
    const { approver, asked } = approverWith(undefined, answer);
    for (let count = 0; count < 2; count++) await approver.answer(COMMAND, SCENE, NEVER);
    assert.equal(asked.length, 2);
  }
});

Deno.test("ruleFor() lets edits be writing files alone", () => {
  const permissions = [
    "Write files to disk",
    "Execute shell commands",
    "Delete files or directories",
    "Run interactive terminal sessions",
    "write files to disk",
    "",
  ];
  assert.deepEqual(permissions.map(ruleFor), ["edits", "all", "all", "all", "all", "all"]);
});
