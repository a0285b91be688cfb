import { strict as assert } from "node:assert";
import { approvalText, readApproval } from "../../src/host/approval_text.ts";

const SCENE = {
  agentId: "run-1",
  level: "kernel",
  workspace: "/home/u/app",
  why: "this run asks",
  columns: 80,
};
const WRITE = { tool_name: "Write", permission: "Write files to disk" };

function shown(resource: string, columns = 80): string {
  return approvalText({ ...WRITE, resource }, { ...SCENE, columns });
}

/** What stands below the labels. */
function blockOf(resource: string, columns?: number): string[] {
  return shown(resource, columns).split("\n").slice(8, -1);
}

Deno.test("approvalText() shows the act as data", () => {
  assert.equal(
    shown("/home/u/app/a.txt"),
    `An agent asks to act:
  agent     run-1
  act       Write files to disk
  tool      Write
  folder    /home/u/app
  level     kernel
  why       this run asks
  resource  17 characters, sha256 1d8bd4415e71
  │ /home/u/app/a.txt
`,
  );
});

Deno.test("approvalText() shows what would deceive", async (t) => {
  const cases: Readonly<Record<string, readonly [string, ...string[]]>> = {
    "a terminal's commands": [
      "ls\x1b[2K\x1b[A\x07",
      "│ ls\\x1b[2K\\x1b[A\\x07",
      "└ shown as escapes: \\x1b ×2, \\x07",
    ],
    "letters that look like an escape": ["printf '\\x1b[0m'", "│ printf '\\x1b[0m'"],
    "text that runs backwards": [
      "rm \u202etxt.yrotsih\u202c",
      "│ rm \\u{202e}txt.yrotsih\\u{202c}",
      "└ shown as escapes: \\u{202e}, \\u{202c}",
    ],
    "10,000 blank lines": [`ls${"\n".repeat(9998)}rm -r ~`, "│ ls⏎×9998", "│ rm -r ~"],
    "500 spaces": [`ls${" ".repeat(500)}; rm`, "│ ls␠×500; rm"],
    "marks that are not ours": [
      "ls⏎×3␠×4",
      "│ ls\\u{23ce}×3\\u{2420}×4",
      "└ shown as escapes: \\u{23ce}, \\u{2420}",
    ],
    "look-alikes": [
      "rm p\u0430ypal.txt \uff52m",
      "│ rm p\u0430ypal.txt \uff52m",
      "└ letters of different scripts in: p\\u{0430}ypal, \\u{ff52}m",
    ],
    "nothing": ["", "│ "],
  };
  for (const [name, [resource, ...lines]] of Object.entries(cases)) {
    await t.step(name, () => {
      assert.deepEqual(blockOf(resource), lines.map((line) => `  ${line}`));
    });
  }
});

Deno.test("approvalText() says exactly how much it left out", async (t) => {
  const cases = [
    ["by width", "x".repeat(10_000), 40, 10_000 - 40 * 76],
    ["by lines", "y\n".repeat(100), 40, 200 - 40 * 2],
    ["by bytes", "日".repeat(1500), 36, 1500 - 1365],
    ["in whole escapes", "\u{e0041}".repeat(1000), 40, 1000 - 40 * 8],
    ["one", `${"z\n".repeat(40)}!`, 40, 1],
    ["nothing", "z\n".repeat(40), 40, 0],
  ] as const;
  for (const [name, resource, rows, left] of cases) {
    await t.step(name, () => {
      const lines = blockOf(resource);
      const block = lines.filter((line) => line.startsWith("  │ "));
      assert.equal(block.length, rows);
      const cut = left === 1
        ? "  └ cut here: 1 more character is not shown"
        : `  └ cut here: ${left} more characters are not shown`;
      assert.equal(lines[block.length], left === 0 ? undefined : cut);
    });
  }
});

Deno.test("approvalText() begins every row of a terminal itself, however narrow", () => {
  const evil = `${"日本".repeat(60)} ${"\u202e".repeat(30)} ${"w".repeat(300)}`;
  for (const columns of [30, 60, 80, 200]) {
    const body = { tool_name: evil, permission: evil, resource: evil };
    const text = approvalText(body, { ...SCENE, columns, workspace: evil, agentId: evil });
    for (const line of text.trimEnd().split("\n")) {
      const width = [...line].reduce((sum, one) => sum + (one >= "\u3000" ? 2 : 1), 0);
      assert.ok(width <= Math.min(columns, 80), `${columns}: ${line}`);
      assert.match(line, /^(?:An agent asks| {2})/);
    }
  }
});

Deno.test("approvalText() keeps the agent's words out of our labels", () => {
  const tool_name = "Write\n  level     none\x1b[A";
  const lines = approvalText({ tool_name, permission: "p", resource: "r" }, SCENE).split("\n");
  assert.equal(lines[3], "  tool      Write⏎");
  assert.equal(lines[4], "              level␠×5none\\x1b[A");
  assert.equal(lines[6], "  level     kernel");
});

Deno.test("readApproval() takes only whole bodies", async (t) => {
  const whole = { tool_name: "Write", permission: "p", resource: "r" };
  assert.deepEqual(readApproval({ ...whole, more: 1 }), whole);
  for (const body of [null, 1, "x", [], {}, { ...whole, resource: 1 }, { tool_name: "Write" }]) {
    await t.step(JSON.stringify(body), () => assert.equal(readApproval(body), undefined));
  }
});
