import { strict as assert } from "node:assert";
import { nextLine, sha256 } from "../../src/audit/entry.ts";
import { type Verdict, verifyLines } from "../../src/audit/verify.ts";
import { entry, fiveLines, hashOfLast, textOf } from "./chain.ts";

type Intact = Extract<Verdict, { type: "intact" }>;

function intact(lines: readonly string[], differing: Partial<Intact> = {}): Intact {
  return {
    type: "intact",
    entries: lines.length,
    epochs: lines.length === 0 ? 0 : 1,
    tornLines: 0,
    endsTorn: false,
    hasEnd: lines.length === 5,
    hash: hashOfLast(lines),
    ...differing,
  };
}

Deno.test("verifyLines() counts what is intact, from nothing on", () => {
  const lines = fiveLines();
  for (let count = 0; count <= lines.length; count++) {
    const some = lines.slice(0, count);
    assert.deepEqual(verifyLines(textOf(some)), intact(some));
  }
});

Deno.test("verifyLines() takes a log cut anywhere for a torn one", () => {
  const text = textOf(fiveLines());
  for (let end = 0; end <= text.length; end++) {
    const cut = text.slice(0, end);
    const lines = cut.split("\n").filter((line) => line !== "");
    const isTorn = lines.length > 0 && !lines.at(-1)?.endsWith('"}');
    const whole = isTorn ? lines.length - 1 : lines.length;
    assert.deepEqual(
      verifyLines(cut),
      intact(lines, {
        entries: whole,
        epochs: Math.min(whole, 1),
        tornLines: isTorn ? 1 : 0,
        endsTorn: isTorn,
        hasEnd: whole === 5,
      }),
      `cut at ${end}`,
    );
  }
});

Deno.test("verifyLines() finds the line in which any one character was changed", () => {
  const lines = fiveLines();
  for (const [at, line] of lines.entries()) {
    for (let index = 0; index < line.length; index++) {
      const other = line[index] === "7" ? "8" : "7";
      const changed = `${line.slice(0, index)}${other}${line.slice(index + 1)}`;
      const verdict = verifyLines(textOf(lines.with(at, changed)));
      // Nothing stands behind the last line: what it tells is only guarded where it links.
      if (at === lines.length - 1 && verdict.type === "intact") continue;
      // Its link alone was changed: then the one before it may as well have been.
      const isLastLink = at === lines.length - 1 && index > line.indexOf('"prev":"');
      assert.equal(verdict.type, "broken", changed);
      const place = [verdict.problem, verdict.line];
      if (place[0] === "changed" && place[1] === at + 1) continue;
      assert.ok(isLastLink && verdict.line === at, `${changed}: ${verdict.what}`);
    }
  }
});

Deno.test("verifyLines() tells what is missing, and before which line", () => {
  const lines = fiveLines();
  for (let start = 0; start < lines.length - 1; start++) {
    for (let end = start + 1; end < lines.length; end++) {
      const gone = end - start === 1 ? `entry ${end} is` : `entries ${start + 1} to ${end} are`;
      assert.deepEqual(verifyLines(textOf(lines.toSpliced(start, end - start))), {
        type: "broken",
        line: start + 1,
        problem: "missing",
        what: `${gone} missing before line ${start + 1}`,
      });
    }
  }
});

Deno.test("verifyLines() tells the first line that stands in the wrong place", () => {
  const lines = fiveLines();
  for (let from = 0; from < lines.length; from++) {
    for (let to = 0; to < lines.length; to++) {
      if (from === to) continue;
      const moved = lines.toSpliced(from, 1).toSpliced(to, 0, lines[from] ?? "");
      const verdict = verifyLines(textOf(moved));
      assert.equal(verdict.type === "broken" && verdict.problem, "reordered", `${from} to ${to}`);
      assert.equal(verdict.type === "broken" && verdict.line, Math.min(from, to) + 1);
    }
  }
});

Deno.test("verifyLines() finds lines that were put in", async (t) => {
  const lines = fiveLines();
  const cases = [
    ["a line again", lines[1], "reordered", "line 3 holds entry 2 where entry 3 belongs"],
    ["no entry", "{}", "changed", "line 3 is no entry"],
    ["an empty line", "", "changed", "line 3 is no entry"],
    ["what looks torn", '{"seq":3,', "changed", "line 3 is no entry"],
  ] as const;
  for (const [name, line = "", problem, what] of cases) {
    await t.step(name, () => {
      assert.deepEqual(verifyLines(textOf(lines.toSpliced(2, 0, line))), {
        type: "broken",
        line: 3,
        problem,
        what,
      });
    });
  }
});

Deno.test("verifyLines() passes torn lines that the next entry tells of, and no others", () => {
  const [first = "", second = ""] = fiveLines();
  const torn = second.slice(0, 30);
  const telling = (after: string) =>
    nextLine(sha256(torn), entry(2, { kind: "torn_lines", facts: { lines: 1, after } }));
  const told = [first, torn, telling(sha256(first))];
  assert.deepEqual(verifyLines(textOf(told)), intact(told, { entries: 2, tornLines: 1 }));
  const verdicts = [
    [first, torn, telling(sha256("another"))],
    [first, `${torn}x`, telling(sha256(first))],
    [first, "x", telling(sha256(first))],
  ].map((lines) => verifyLines(textOf(lines)));
  assert.deepEqual(verdicts.map((verdict) => verdict.type === "broken" && verdict.line), [2, 2, 2]);
});
