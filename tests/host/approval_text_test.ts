import { strict as assert } from "node:assert";
import { approvalText, readApproval, visibleText } from "../../src/host/approval_text.ts";

const SCENE = { agentId: "run-1", level: "kernel", workspace: "/home/u/app" };

function shown(resource: string): string {
  return approvalText(
    { tool_name: "Write", permission: "Write files to disk", resource },
    SCENE,
  );
}

Deno.test("approvalText() shows the act as data", () => {
  assert.equal(
    shown("/home/u/app/a.txt"),
    `An agent asks to act:
  agent     run-1
  act       Write files to disk, by the tool Write
  folder    /home/u/app
  level     kernel
  resource  17 bytes, sha256 1d8bd4415e71
  │ /home/u/app/a.txt
`,
  );
});

Deno.test("visibleText() lets every character be seen", async (t) => {
  const cases = [
    ["plain -- text, zwölf 日本", "plain -- text, zwölf 日本"],
    ["a\x1b[2Kb\x07", "a\\x1b[2Kb\\x07"],
    ["a\u200bb\u202ec\ufeffd\u00ade", "a\\u{200b}b\\u{202e}c\\u{feff}d\\xade"],
    ["non\u00a0break\u3000wide", "non\\xa0break\\u{3000}wide"],
    ["tag\u{e0041} \u3164filler", "tag\\u{e0041} \\u{3164}filler"],
    ["one\ntwo", "one⏎two"],
    [`ls${"\n".repeat(9998)}rm`, "ls⏎×9998rm"],
    ["ls\n \t\n\r\nrm", "ls⏎×3rm"],
    [`ls${" ".repeat(500)}; rm`, "ls␠×500; rm"],
    ["a   b", "a   b"],
  ] as const;
  for (const [text, expected] of cases) {
    await t.step(JSON.stringify(text.slice(0, 20)), () => {
      assert.equal(visibleText(text), expected);
    });
  }
});

Deno.test("approvalText() says exactly how much it left out", async (t) => {
  const cases = [
    ["by size", "x".repeat(10_000), 40 * 76],
    ["by lines", "y\n".repeat(100), 40 * 2],
  ] as const;
  for (const [name, resource, visible] of cases) {
    await t.step(name, () => {
      const lines = shown(resource).split("\n");
      const block = lines.filter((line) => line.startsWith("  │ "));
      assert.equal(block.length, 40);
      assert.equal(block.map((line) => line.slice(4)).join("").length, visible);
      const left = visibleText(resource).length - visible;
      assert.equal(lines.at(-2), `  └ cut here: ${left} more characters are not shown`);
    });
  }
});

Deno.test("approvalText() marks words of mixed scripts, and only those", () => {
  assert.match(shown("rm p\u0430ypal.txt"), /mixes letters of different scripts/);
  assert.doesNotMatch(shown("привет world/παράδειγμα"), /mixes/);
});

Deno.test("approvalText() keeps labels of the agent's words on one line", () => {
  const text = approvalText(
    { tool_name: "Write\n  level     none\x1b[A", permission: "p", resource: "r" },
    SCENE,
  );
  assert.match(text, /by the tool Write level none\\x1b\[A\n/);
});

Deno.test("readApproval() takes only whole bodies", async (t) => {
  const whole = { tool_name: "Write", permission: "p", resource: "r" };
  assert.deepEqual(readApproval({ ...whole, more: 1 }), whole);
  for (const body of [null, 1, "x", [], {}, { ...whole, resource: 1 }, { tool_name: "Write" }]) {
    await t.step(JSON.stringify(body), () => assert.equal(readApproval(body), undefined));
  }
});
