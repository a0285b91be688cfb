import { strict as assert } from "node:assert";
import { QuietView } from "../../src/cli/quiet_view.ts";
import { styleFor } from "../../src/cli/style.ts";
import { call, done, events, show, terminal, token } from "./streams.ts";

Deno.test("QuietView prints the result once, and errors on stderr", async (t) => {
  const cases = [
    [{ status: "completed", result: "the \x1b[1mend" }, "the \\x1b[1mend\n", ""],
    [{ status: "suspended", result: "Which?\n" }, "", ""],
    [{ status: "error", error: "broke", result: "so far" }, "so far\n", "sheath: broke\n"],
    [{ status: "cancelled" }, "", "sheath: cancelled\n"],
  ] as const;
  for (const [end, stdout, stderr] of cases) {
    await t.step(end.status, () => {
      const view = new QuietView({ style: styleFor({ isColored: false }), isTerminal: true });
      const stream = events(token("the end"), call("1", "Read", {}), done("1", "x"));
      const shown = show(view, [...stream, terminal(end)]);
      assert.deepEqual([shown.stdout, shown.stderr], [stdout, stderr]);
    });
  }
});
