import { strict as assert } from "node:assert";
import { restoredLines } from "../../src/tools/restored_lines.ts";

Deno.test("restoredLines() tells each path from the workspace on, and what could not be done", () => {
  const restored = [
    { path: "/ws/.git/hooks/pre-commit", isRestored: true },
    { path: "/ws/.idea", isRestored: false },
    { path: "/granted/.envrc", isRestored: true },
    { path: "/ws/a\x1b[31m\n/.envrc", isRestored: true },
  ];
  assert.deepEqual(restoredLines(restored, "/ws"), [
    "[sheath: restored protected .git/hooks/pre-commit: commands may not change it]",
    "[sheath: protected .idea was changed and could not be restored]",
    "[sheath: restored protected /granted/.envrc: commands may not change it]",
    '[sheath: restored protected "a\\u001b[31m\\n/.envrc": commands may not change it]',
  ]);
});

Deno.test("restoredLines() cuts a long list", () => {
  const restored = Array.from({ length: 50 }, (_, at) => ({ path: `/ws/${at}`, isRestored: true }));
  const lines = restoredLines(restored, "/ws");
  assert.equal(lines.length, 21);
  assert.equal(lines.at(-1), "[sheath: 30 more protected names were changed]");
});
