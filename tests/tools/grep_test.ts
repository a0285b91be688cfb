import { strict as assert } from "node:assert";
import { execFileSync } from "node:child_process";
import { truncateSync } from "node:fs";
import { systemClock } from "../../src/base/clock.ts";
import { grepTool } from "../../src/tools/grep.ts";
import { ToolWorld } from "./tool_world.ts";

const FILES = {
  "a.ts": "import x\nconst Foo = 1;\nfoo();\n\nend foo\n",
  "src/b.ts": "foo\r\nbar\r\n",
  "src/c.py": "def foo():\n  pass\n",
  "node_modules/m.ts": "foo\n",
};

Deno.test("Grep lists files, or counts, or shows lines", async () => {
  await using place = new ToolWorld(FILES);
  const [a, b, c] = ["a.ts", "src/b.ts", "src/c.py"].map((name) => place.path(name));
  const table: readonly (readonly [args: Record<string, unknown>, lines: readonly string[]])[] = [
    [{}, [`${a}`, `${b}`, `${c}`]],
    [{ output_mode: "files_with_matches", type: "ts" }, [`${a}`, `${b}`]],
    [{ output_mode: "count", "-i": true }, [`${a}:3`, `${b}:1`, `${c}:1`]],
    [{ output_mode: "content", type: "py" }, [`${c}:1:def foo():`]],
    [{ output_mode: "content", glob: "*.ts", "-n": false }, [
      `${a}:foo();`,
      `${a}:end foo`,
      `${b}:foo`,
    ]],
    [{ output_mode: "content", path: "a.ts" }, [`${a}:3:foo();`, `${a}:5:end foo`]],
    [{ output_mode: "content", path: "src", glob: "!*.py" }, [`${b}:1:foo`]],
    [{ glob: "src/*.{py,rs}" }, [`${c}`]],
    [{ glob: "*.rs" }, ["No matches found"]],
    [{ path: "node_modules" }, [place.path("node_modules/m.ts")]],
  ];
  for (const [args, lines] of table) {
    assert.deepEqual(await place.call(grepTool, { pattern: "foo", ...args }), {
      success: true,
      result: lines.join("\n"),
      display_preference: "Collapsible",
    }, JSON.stringify(args));
  }
});

Deno.test("Grep shows lines around a match", async () => {
  await using place = new ToolWorld({ "a": "1\n2x\n3\n4\n5x\n6x\n7\n8\n9\n" });
  const path = place.path("a");
  const show = async (args: Record<string, unknown>) => {
    const text = await place.text(grepTool, {
      pattern: "x",
      path: "a",
      output_mode: "content",
      ...args,
    });
    return text.replaceAll(path, "").split("\n");
  };
  assert.deepEqual(await show({ "-A": 1 }), [":2:2x", "-3-3", "--", ":5:5x", ":6:6x", "-7-7"]);
  assert.deepEqual(await show({ "-B": 1 }), ["-1-1", ":2:2x", "--", "-4-4", ":5:5x", ":6:6x"]);
  assert.deepEqual(await show({ "-C": 1, "-n": false }), [
    "-1",
    ":2x",
    "-3",
    "-4",
    ":5x",
    ":6x",
    "-7",
  ]);
  assert.deepEqual(await show({ "-C": 1, "-A": 0, head_limit: 1 }), [
    "-1-1",
    ":2:2x",
    "[TRUNCATED] Showing 1 of 3 results; raise head_limit",
  ]);
});

Deno.test("Grep lets a match span lines when asked", async () => {
  await using place = new ToolWorld({ "a": "if {\n  x\n}\nelse\n" });
  const args = { pattern: "\\{.*\\}", path: "a", output_mode: "content" };
  assert.equal(await place.text(grepTool, args), "No matches found");
  const path = place.path("a");
  const found = await place.text(grepTool, { ...args, multiline: true });
  assert.equal(found, `${path}:1:if {\n${path}:2:  x\n${path}:3:}`);
});

Deno.test("Grep.prepare() refuses what is too wide or unknown", () => {
  const table: readonly (readonly [args: Record<string, unknown>, start: string])[] = [
    [{ output_mode: "content" }, "output_mode: content needs path, glob or type"],
    [{ multiline: true }, "multiline: needs path"],
    [{ type: "cobol" }, "type: expected one of c, cpp, "],
    [{ type: "toString" }, "type: expected one of c, cpp, "],
    [{ glob: "{a" }, 'Cannot use glob pattern "**/{a": it has a { without its }'],
    [{ pattern: "" }, "pattern: expected some text, got an empty one"],
    [{ "-A": 101 }, "-A: expected a whole number from 0 to 100, got 101"],
  ];
  for (const [args, start] of table) {
    assert.throws(() => grepTool.prepare({ pattern: "x", ...args }), (thrown: Error) => {
      assert.ok(thrown.message.startsWith(start), thrown.message);
      return true;
    });
  }
});

Deno.test("Grep refuses what is no pattern, or none that ends soon", async () => {
  await using place = new ToolWorld({ "a": "x\n" });
  const table: readonly (readonly [pattern: string, problem: string])[] = [
    ["(", "missing closing )"],
    ["x(?!y)", "has look-around, which is not supported"],
    ["(x)\\1", "has a back reference, which is not supported"],
    ["x".repeat(1001), "expected at most 1000 characters, got 1001"],
  ];
  for (const [pattern, problem] of table) {
    assert.equal(await place.refusal(grepTool, { pattern }), `bad_input: pattern: ${problem}`);
  }
});

Deno.test("Grep says what was too long for the pattern", async () => {
  await using place = new ToolWorld({ "a": `x\n${"x".repeat(200_000)}\n` });
  const args = { pattern: "x(y{100}){0,10}", path: "a", output_mode: "count" };
  const note = "[PARTIAL] Not searched: 1 lines or files too long for this pattern";
  assert.equal(await place.text(grepTool, args), `${place.path("a")}:1\n${note}`);
  const whole = await place.text(grepTool, { ...args, multiline: true });
  assert.equal(whole, `No matches found\n${note}`);
});

Deno.test("Grep shows 200 results, takes 2000, and keeps a result below 256 KiB", async () => {
  await using place = new ToolWorld({
    "some": "x\n".repeat(2000),
    "many": "x\n".repeat(2001),
    "wide": `${"x".repeat(3000)}\n`.repeat(300),
  });
  const args = { pattern: "x", output_mode: "content" };
  const some = (await place.text(grepTool, { ...args, path: "some" })).split("\n");
  assert.deepEqual(some.slice(199), [
    `${place.path("some")}:200:x`,
    "[TRUNCATED] Showing 200 of 2000 results; raise head_limit",
  ]);
  const all = (await place.text(grepTool, { ...args, path: "some", head_limit: 9999 })).split("\n");
  assert.equal(all.length, 2000);
  const tooMany = "refused: Result too large; refine query and retry.";
  await assert.rejects(place.call(grepTool, { ...args, path: "many" }), {
    fault: "refused",
    message: tooMany.slice("refused: ".length),
  });
  const wide = await place.text(grepTool, { ...args, path: "wide", head_limit: 300 });
  assert.ok(wide.length < 262_144);
  assert.match(wide.split("\n")[0] ?? "", /:1:x{2000} \[… 1000 more characters\]$/);
  assert.match(wide, /\n\[TRUNCATED\] \d+ more lines: the result is limited to 255 KiB$/);
});

Deno.test("Grep leaves out what is no text, too large or a link, and says how many were large", async () => {
  await using place = new ToolWorld({
    "a.txt": "needle\n",
    "bin": "needle\0",
    "big": "needle\n".repeat(400_000),
    "../outside/secret": "needle\n",
  });
  place.link("link", "../outside/secret");
  place.link("folder", "../outside");
  execFileSync("mkfifo", [place.path("pipe")]);
  truncateSync(place.put("sparse", "needle\n"), 6 * 1024 ** 3);
  assert.equal(
    await place.text(grepTool, { pattern: "needle" }),
    `${place.path("a.txt")}\n[PARTIAL] Not searched: 2 files over 2 MiB`,
  );
  assert.equal(await place.text(grepTool, { pattern: "needle", path: "bin" }), "No matches found");
  const table: readonly (readonly [path: string, end: string])[] = [
    ["big", "file is 2800000 bytes, expected at most 2097152"],
    ["pipe", "it is a pipe (FIFO), expected a regular file"],
    ["none", "no such file or folder"],
  ];
  for (const [path, end] of table) {
    const line = await place.refusal(grepTool, { pattern: "needle", path });
    assert.equal(line, `refused: Cannot read "/workspace/${path}": ${end}`);
  }
  for (const path of ["link", "folder", "..", "/"]) {
    const line = await place.refusal(grepTool, { pattern: "needle", path });
    assert.match(line, /outside the granted folders/);
  }
});

Deno.test("Grep stops after a minute and says so", async () => {
  await using place = new ToolWorld({ "a.txt": "x\n", "b.txt": "x\n" });
  let elapsed = 0;
  const clock = { ...systemClock, monotonic: () => elapsed += 10_000 };
  const { signal } = new AbortController();
  const { result } = await grepTool.perform({ pattern: "x" }, { ...place.world, clock }, signal);
  assert.match(result, /^[^]*\[PARTIAL\] Stopped after a minute; search a smaller folder$/);
});

Deno.test("Grep ends when aborted", async () => {
  await using place = new ToolWorld();
  for (let index = 0; index < 200; index++) place.put(`f${index}`, "x\n".repeat(10_000));
  const controller = new AbortController();
  const searching = place.call(grepTool, { pattern: "y" }, controller.signal);
  const reason = new Error("stop");
  controller.abort(reason);
  await assert.rejects(searching, (thrown) => thrown === reason);
});

Deno.test("Grep gets through patterns that backtrack without end", async () => {
  await using place = new ToolWorld({
    "evil": `${"a".repeat(9_000)}b\n${"a".repeat(40)}!\n`,
    "whole": `${"a".repeat(50_000)}!`,
  });
  const patterns = [
    "^(a+)+$",
    "(a|aa)+$",
    "^(a|a?)+$",
    "(.*)*x",
    "([a-z]+)*\\d",
    "a*a*a*a*a*a*a*c",
    "(?:a?){60}a{60}$",
    "(a?b?){50}(a|b){50}$",
    "(?:a|ab|c){60}(abc){40}",
    `${"(a|b".repeat(60)}${")?".repeat(60)}c`,
    `${"a?".repeat(200)}${"a".repeat(200)}$`,
    "(\\b^){20}(\\b^){20}(\\b^){20}(\\b^){20}",
    ".*".repeat(200) + "c",
  ];
  const start = performance.now();
  for (const pattern of patterns) {
    for (
      const more of [{ path: "evil" }, { path: "evil", "-i": true }, {
        path: "whole",
        multiline: true,
      }]
    ) {
      await place.text(grepTool, { pattern, output_mode: "count", ...more });
    }
  }
  assert.ok(performance.now() - start < 30_000);
});

Deno.test("Grep leaves out what git ignores, as far as the tool roots tell", async () => {
  await using place = new ToolWorld({
    "../.gitignore": "a.ts\n",
    ".git/info/exclude": "excluded.ts\nnot.ts\n",
    ".gitignore": "\ufeff# nothing\r\n*.log\r\nout/\r\n!not.ts\n",
    "a.ts": "x\n",
    "a.log": "x\n",
    "excluded.ts": "x\n",
    "not.ts": "x\n",
    "out/deep/o.ts": "x\n",
    "out/deep/o.log": "x\n",
    "own/.git/HEAD": "",
    "own/b.log": "x\n",
    "own/excluded.ts": "x\n",
    "sub/.gitignore": "!*.log\n",
    "sub/c.log": "x\n",
    "sub/excluded.ts": "x\n",
    "../granted/a.ts": "x\n",
  });
  place.link("sub/folder/.gitignore", "../../a.ts");
  place.put("sub/folder/d", "x\n");
  const table: readonly (readonly [path: string | undefined, names: readonly string[]])[] = [
    [undefined, ["a.ts", "not.ts", "own/b.log", "own/excluded.ts", "sub/c.log", "sub/folder/d"]],
    ["a.log", ["a.log"]],
    ["out", ["out/deep/o.log", "out/deep/o.ts"]],
    ["out/deep", ["out/deep/o.log", "out/deep/o.ts"]],
    ["sub", ["sub/c.log", "sub/folder/d"]],
    ["own", ["own/b.log", "own/excluded.ts"]],
    [place.path("../granted"), ["../granted/a.ts"]],
  ];
  for (const [path, names] of table) {
    const found = await place.text(grepTool, { pattern: "^x$", path });
    assert.deepEqual(found.split("\n"), names.map((name) => place.path(name)), path ?? "");
  }
});

Deno.test("Grep reads the beginning of a .gitignore of any size", async () => {
  await using place = new ToolWorld({ "a.log": "x\n", "b.log": "x\n", "c.log": "x\n" });
  place.put(".gitignore", `a.log\n${"#\n".repeat(40_000)}b.log\n`);
  truncateSync(place.path(".gitignore"), 6 * 1024 ** 3);
  place.put("pipes/d", "x\n");
  execFileSync("mkfifo", [place.path("pipes/.gitignore")]);
  const found = await place.text(grepTool, { pattern: "x" });
  const names = ["b.log", "c.log", "pipes/d"];
  assert.equal(
    found,
    [
      ...names.map((name) => place.path(name)),
      "[PARTIAL] Not searched: 1 files over 2 MiB",
    ].join("\n"),
  );
});
