import { strict as assert } from "node:assert";
import type { Need } from "../../src/core/need.ts";
import {
  decide,
  type Decision,
  type DecisionContext,
  type Policy,
} from "../../src/permissions/decide.ts";
import { MODES } from "../../src/permissions/mode.ts";
import { grantOf } from "../../src/permissions/rules.ts";
import type { ShellVerdict } from "../../src/permissions/shell_verdict.ts";

const NOW = 1_000_000;
const WRITE: Need = { type: "write_file", path: "/w/a.ts" };
const LS: Need = { type: "execute_command", command: "ls" };
const GREP: Need = { type: "execute_command", command: "grep x" };
const SUDO: Need = { type: "execute_command", command: "sudo ls" };
const REMOVE: Need = { type: "execute_command", command: "rm a" };
const WARNED: Need = { type: "execute_command", command: "(ls)" };
const UNKNOWN: Need = { type: "execute_command", command: "never seen" };
const CODE: Need = { type: "execute_code", code: "1 + 1" };
const TERMINAL: Need = { type: "terminal_session", id: "bash-1" };

const safe: ShellVerdict = {
  type: "safe",
  reasons: [],
  programs: [],
  deletes: false,
  everyday: false,
};
const verdicts = new Map<string, ShellVerdict>([
  ["ls", { ...safe, everyday: true }],
  ["grep x", safe],
  ["sudo ls", { ...safe, type: "ask", reasons: ["sudo", "more"] }],
  ["rm a", { ...safe, deletes: true }],
  ["(ls)", { ...safe, type: "warned", reasons: ["a subshell"] }],
]);
const context: DecisionContext = { tool: "Tool", verdicts, nowMs: NOW };

const policy: Policy = {
  enforced: true,
  bypassed: false,
  mode: "default",
  threshold: "low",
  rules: { listed: [], ask: [] },
  grants: [],
};

/** In short: `allow`, `ask`, `ask!` when forced, `deny`. */
function shortly(decision: Decision): string {
  return decision.type === "ask" && decision.forced ? "ask!" : decision.type;
}

function decisions(need: Need, changes: Partial<Policy>): string[] {
  return decide([need], { ...policy, ...changes }, context).map(shortly);
}

Deno.test("decide() asks with the wire's words, and tells the rule and the risk", () => {
  const reason = (risk: string) => `mode default, ${risk} risk, asked from low on`;
  const shell = { permission: "Execute shell commands", risk: "high" };
  const cases: readonly (readonly [Need, readonly object[]])[] = [
    [WRITE, [{ permission: "Write files to disk", resource: "/w/a.ts", risk: "medium" }]],
    [LS, [{ ...shell, resource: "ls" }]],
    [WARNED, [{ ...shell, resource: "SECURITY: (ls)" }]],
    [CODE, [{ ...shell, resource: "js_repl: 1 + 1" }]],
    [TERMINAL, [{
      permission: "Run interactive terminal sessions",
      resource: "bash-1",
      risk: "high",
    }]],
    [REMOVE, [{ ...shell, resource: "rm a" }, {
      permission: "Delete files or directories",
      resource: "rm a",
      risk: "high",
    }]],
    [SUDO, [{ ...shell, resource: "SECURITY: sudo ls", reason: "sudo; more", forced: true }]],
    [UNKNOWN, [{
      ...shell,
      resource: "SECURITY: never seen",
      reason: "the command was not analysed",
      forced: true,
    }]],
  ];
  for (const [need, expected] of cases) {
    const asked = decide([need], policy, context);
    assert.deepEqual(
      asked,
      expected.map((one) => ({
        type: "ask",
        forced: false,
        reason: reason("risk" in one ? String(one.risk) : ""),
        ...one,
      })),
    );
  }
});

type Row = readonly [need: Need, changes: Partial<Policy>, ...expected: string[]];
const ROWS: Readonly<Record<string, readonly Row[]>> = {
  "without enforcement allows all": MODES.flatMap((mode) =>
    [WRITE, LS, SUDO, CODE].map((need): Row => [need, { enforced: false, mode }, "allow"])
  ),
  "under bypass asks only what is forced": [
    ...[WRITE, LS, GREP, WARNED, CODE, TERMINAL].flatMap((need): Row[] => [
      [need, { bypassed: true }, "allow"],
      [need, { mode: "bypassPermissions" }, "allow"],
    ]),
    [REMOVE, { bypassed: true }, "allow", "allow"],
    [SUDO, { bypassed: true }, "ask!"],
    [UNKNOWN, { mode: "bypassPermissions" }, "ask!"],
    [LS, { bypassed: true, rules: { listed: [], ask: ["Tool(ls)"] } }, "ask!"],
    [LS, { bypassed: true, rules: { listed: [], ask: ["Other(ls)"] } }, "allow"],
  ],
  "in plan mode denies all": [
    ...[WRITE, LS, SUDO, CODE, TERMINAL].map((need): Row => [need, { mode: "plan" }, "deny"]),
    [LS, { mode: "plan", bypassed: true }, "deny"],
    [LS, { mode: "plan", grants: [grantOf("execute_command", "*", { nowMs: NOW })] }, "deny"],
  ],
  "in mode acceptEdits lets edits and everyday commands pass": [
    [WRITE, { mode: "acceptEdits" }, "allow"],
    [LS, { mode: "acceptEdits" }, "allow"],
    [GREP, { mode: "acceptEdits" }, "ask"],
    [WARNED, { mode: "acceptEdits" }, "ask"],
    [REMOVE, { mode: "acceptEdits" }, "ask", "ask"],
    [SUDO, { mode: "acceptEdits" }, "ask!"],
    [CODE, { mode: "acceptEdits" }, "ask"],
  ],
  "in mode dontAsk denies what is not listed": [
    [WRITE, { mode: "dontAsk" }, "deny"],
    [SUDO, { mode: "dontAsk" }, "deny"],
    [WRITE, { mode: "dontAsk", threshold: "high" }, "deny"],
    [WRITE, {
      mode: "dontAsk",
      rules: { listed: [{ permission: "write_file", pattern: "/w/**", allowed: true }], ask: [] },
    }, "allow"],
    [LS, {
      mode: "dontAsk",
      grants: [grantOf("execute_command", "ls", { nowMs: NOW })],
    }, "allow"],
  ],
  "asks from the threshold on": [
    [WRITE, { threshold: "medium" }, "ask"],
    [WRITE, { threshold: "high" }, "allow"],
    [LS, { threshold: "high" }, "ask"],
    [REMOVE, { threshold: "high" }, "ask", "ask"],
  ],
  "takes the first rule that applies": [
    [WRITE, {
      rules: {
        listed: [
          { permission: "write_file", pattern: "*.ts", allowed: false },
          { permission: "write_file", pattern: "*", allowed: true },
        ],
        ask: [],
      },
    }, "deny"],
    [LS, {
      rules: { listed: [{ permission: "write_file", pattern: "*", allowed: true }], ask: [] },
    }, "ask"],
    [
      REMOVE,
      {
        rules: {
          listed: [{ permission: "execute_command", pattern: "*", allowed: true }],
          ask: [],
        },
      },
      "allow",
      "ask",
    ],
    [WRITE, {
      rules: {
        listed: [{ permission: "write_file", pattern: "*", allowed: true, expiresAtMs: NOW }],
        ask: [],
      },
    }, "ask"],
  ],
  "lets a grant pass until it ends": [
    [WRITE, { grants: [grantOf("write_file", "/w/*", { nowMs: NOW })] }, "allow"],
    [WRITE, { grants: [grantOf("write_file", "/w/*", { nowMs: NOW - 1_799_999 })] }, "allow"],
    [WRITE, { grants: [grantOf("write_file", "/w/*", { nowMs: NOW - 1_800_000 })] }, "ask"],
  ],
  "lets what is forced pass only by a grant of this very act": [
    [SUDO, { grants: [grantOf("execute_command", "*", { nowMs: NOW })] }, "ask!"],
    [SUDO, { grants: [grantOf("execute_command", "sudo ls", { nowMs: NOW })] }, "allow"],
    [SUDO, {
      rules: { listed: [{ permission: "execute_command", pattern: "*", allowed: true }], ask: [] },
    }, "ask!"],
    [SUDO, {
      rules: { listed: [{ permission: "execute_command", pattern: "*", allowed: false }], ask: [] },
    }, "deny"],
  ],
  "has a relative path asked about where a rule might be about it": [
    [{ type: "write_file", path: "a.ts" }, {
      threshold: "high",
      rules: { listed: [{ permission: "write_file", pattern: "/w/**", allowed: false }], ask: [] },
    }, "ask!"],
    [{ type: "write_file", path: "a.ts" }, { threshold: "high" }, "allow"],
  ],
};
for (const [name, rows] of Object.entries(ROWS)) {
  Deno.test(`decide() ${name}`, () => {
    for (const [need, changes, ...expected] of rows) {
      assert.deepEqual(decisions(need, changes), expected, JSON.stringify([need, changes]));
    }
  });
}

Deno.test("decide() gives one decision after the other for several needs", () => {
  const changes = { threshold: "high" } as const;
  const all = decide([WRITE, REMOVE, TERMINAL], { ...policy, ...changes }, context);
  assert.deepEqual(all.map(shortly), ["allow", "ask", "ask", "ask"]);
  assert.deepEqual(decide([], policy, context), []);
});

Deno.test("decide() says why it denies", () => {
  const why = (changes: Partial<Policy>) => {
    const [decision] = decide([WRITE], { ...policy, ...changes }, context);
    return decision?.type === "deny" ? decision.why : undefined;
  };
  const listed = [{ permission: "write_file", pattern: "*", allowed: false }] as const;
  assert.equal(why({ mode: "plan" }), "Plan mode: Tool operation blocked");
  assert.equal(why({ rules: { listed, ask: [] } }), "Permission denied for: /w/a.ts");
  assert.equal(
    why({ mode: "dontAsk" }),
    "Permission denied for: /w/a.ts (permission mode dontAsk)",
  );
});
