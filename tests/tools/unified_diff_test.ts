import { strict as assert } from "node:assert";
import { applyPatch } from "diff";
import fc from "fast-check";
import { unifiedDiff } from "../../src/tools/unified_diff.ts";

Deno.test("unifiedDiff() shows changed lines with three lines around them", () => {
  const before = Array.from({ length: 20 }, (_, index) => `line ${index + 1}\n`).join("");
  const after = before.replace("line 10\n", "ten\nand more\n");
  assert.deepEqual(unifiedDiff("/ws/a.txt", before, after), {
    format: "unified",
    counts: { added: 2, removed: 1 },
    unified: `--- a/ws/a.txt
+++ b/ws/a.txt
@@ -7,7 +7,8 @@
 line 7
 line 8
 line 9
-line 10
+ten
+and more
 line 11
 line 12
 line 13`,
    truncated: false,
  });
});

Deno.test("unifiedDiff() of new, emptied, unchanged and unended files", () => {
  const table: readonly (readonly [before: string | undefined, after: string, unified: string])[] =
    [
      [undefined, "x\ny\n", "--- /dev/null\n+++ b/a\n@@ -0,0 +1,2 @@\n+x\n+y"],
      [undefined, "", "--- /dev/null\n+++ b/a"],
      ["x\n", "", "--- a/a\n+++ b/a\n@@ -1 +0,0 @@\n-x"],
      ["x\n", "x\n", "--- a/a\n+++ b/a"],
      ["x", "x\n", "--- a/a\n+++ b/a\n@@ -1 +1 @@\n-x\n\\ No newline at end of file\n+x"],
    ];
  for (const [before, after, unified] of table) {
    assert.equal(unifiedDiff("/a", before, after).unified, unified);
  }
});

Deno.test("unifiedDiff() is a patch that makes one text of the other", () => {
  const line = fc.constantFrom("a", "b", "c", "", "dd");
  const text = fc.array(line, { maxLength: 40 }).chain((lines) =>
    fc.constantFrom("", "\n").map((end) => lines.join("\n") + end)
  );
  fc.assert(
    fc.property(text, text, (before, after) => {
      const { unified, counts } = unifiedDiff("/a", before, after);
      const patched = before === after ? before : applyPatch(before, `${unified}\n`);
      assert.equal(patched, after, unified);
      const lines = unified.split("\n").slice(2);
      assert.equal(counts.added, lines.filter((one) => one.startsWith("+")).length);
      assert.equal(counts.removed, lines.filter((one) => one.startsWith("-")).length);
    }),
    { numRuns: 1000 },
  );
});

Deno.test("unifiedDiff() shows at most 400 lines and 64000 characters", () => {
  const many = unifiedDiff("/a", undefined, "x\n".repeat(500));
  assert.equal(many.unified.split("\n").length, 400);
  assert.deepEqual([many.counts, many.truncated], [{ added: 500, removed: 0 }, true]);
  const long = unifiedDiff("/a", undefined, `${"x".repeat(100_000)}\n`);
  assert.deepEqual([long.unified.length, long.truncated], [64_000, true]);
});

Deno.test("unifiedDiff() stays quick and right in its counts when everything differs", () => {
  const lines = (mark: string) =>
    Array.from({ length: 200_000 }, (_, index) => `${mark}${index}\n`).join("");
  const start = performance.now();
  const { counts, truncated } = unifiedDiff("/a", lines("a"), lines("b"));
  assert.deepEqual([counts, truncated], [{ added: 200_000, removed: 200_000 }, true]);
  const blank = unifiedDiff("/a", "\n".repeat(8_000_000), "\n".repeat(7_900_000));
  assert.ok(blank.counts.removed >= 100_000);
  const shuffled = unifiedDiff("/a", "a\nb\nc\nd\n".repeat(20_000), "d\na\nc\nb\n".repeat(20_000));
  assert.equal(shuffled.format, "unified");
  assert.ok(performance.now() - start < 5000);
});
