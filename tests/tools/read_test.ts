import { strict as assert } from "node:assert";
import { execFileSync } from "node:child_process";
import { mkdirSync, truncateSync } from "node:fs";
import { readTool } from "../../src/tools/read.ts";
import { ToolWorld } from "./tool_world.ts";

Deno.test("Read numbers lines from the start, or from offset", async () => {
  await using place = new ToolWorld({ "a.txt": "one\ntwo\n\n  four\r\nfünf" });
  const table: readonly (readonly [args: Record<string, unknown>, result: string])[] = [
    [{}, "     1\tone\n     2\ttwo\n     3\t\n     4\t  four\n     5\tfünf"],
    [
      { offset: 0, limit: 1 },
      "     1\tone\n[TRUNCATED] Showing lines 1-1 of 5. Continue with offset=2",
    ],
    [
      { offset: 2, limit: 2 },
      "     2\ttwo\n     3\t\n[TRUNCATED] Showing lines 2-3 of 5. Continue with offset=4",
    ],
    [{ offset: 4 }, "     4\t  four\n     5\tfünf"],
  ];
  for (const [args, result] of table) {
    assert.deepEqual(await place.call(readTool, { file_path: "a.txt", ...args }), {
      success: true,
      result,
      display_preference: "Collapsible",
    });
  }
  assert.equal(
    await place.refusal(readTool, { file_path: "a.txt", offset: 6 }),
    'bad_input: offset: "/workspace/a.txt" has 5 lines, expected at most that, got 6',
  );
});

Deno.test("Read shows 2000 lines, then says how to go on", async () => {
  await using place = new ToolWorld({ "a.txt": "x\n".repeat(2001) });
  const result = await place.text(readTool, { file_path: place.path("a.txt") });
  const lines = result.split("\n");
  assert.deepEqual(lines.slice(1998), [
    "  1999\tx",
    "  2000\tx",
    "[TRUNCATED] Showing lines 1-2000 of 2001. Continue with offset=2001",
  ]);
});

Deno.test("Read shows at most 255 KiB, also of a single line", async () => {
  await using place = new ToolWorld({
    "wide.txt": `${"w".repeat(1000)}\n`.repeat(1000),
    "one.txt": "o".repeat(1_000_000),
    "blank.txt": "\n".repeat(1_000_000),
  });
  const wide = await place.text(readTool, { file_path: "wide.txt" });
  assert.match(
    wide,
    /\n\[TRUNCATED\] Line 260 is shown in part: the result is limited to 255 KiB\.\n/,
  );
  assert.match(wide, /\n\[TRUNCATED\] Showing lines 1-260 of 1000\. Continue with offset=261$/);
  const blank = await place.text(readTool, { file_path: "blank.txt", limit: 1_000_000 });
  assert.ok(wide.length < 262_144 && blank.length < 262_144);
  const one = await place.text(readTool, { file_path: "one.txt" });
  assert.equal(one.split("\n")[0], `     1\t${"o".repeat(261_113)}`);
  assert.match(one, /\n\[TRUNCATED\] Line 1 is shown in part: the result is limited to 255 KiB\.$/);
});

Deno.test("Read lists a folder", async () => {
  await using place = new ToolWorld({ "b.txt": "", "a/x": "", ".hidden": "" });
  place.link("l", "/etc");
  mkdirSync(place.path("empty"));
  assert.equal(await place.text(readTool, { file_path: "." }), ".hidden\na/\nb.txt\nempty/\nl");
  assert.equal(await place.text(readTool, { file_path: "empty" }), "[Empty folder]");
  assert.equal(
    await place.text(readTool, { file_path: ".", offset: 2, limit: 2 }),
    "a/\nb.txt\n[TRUNCATED] Showing lines 2-3 of 5. Continue with offset=4",
  );
});

Deno.test("Read tells empty and binary files", async () => {
  await using place = new ToolWorld({
    "empty": "",
    "start": new Uint8Array([0, 65]),
    "late": `${"text\n".repeat(100_000)}\0`,
  });
  assert.equal(await place.text(readTool, { file_path: "empty" }), "[Empty file]");
  assert.equal(await place.text(readTool, { file_path: "start" }), "[Binary file omitted]");
  assert.equal(await place.text(readTool, { file_path: "late" }), "[Binary file omitted]");
});

Deno.test("Read looks at the first 32 MiB of a file and says so", async () => {
  await using place = new ToolWorld({ "big.txt": `${"b".repeat(1023)}\n`.repeat(40 * 1024) });
  const result = await place.text(readTool, { file_path: "big.txt", offset: 32768 });
  assert.equal(
    result,
    ` 32768\t${"b".repeat(1023)}\n[TRUNCATED] The file is 41943040 bytes; \
only its first 33554432 were looked at.`,
  );
});

Deno.test("Read ends soon on a sparse file of 6 GiB, with memory flat", async () => {
  await using place = new ToolWorld({ "sparse": "text\n" });
  truncateSync(place.path("sparse"), 6 * 1024 ** 3);
  const before = Deno.memoryUsage().rss;
  const start = performance.now();
  assert.equal(await place.text(readTool, { file_path: "sparse" }), "[Binary file omitted]");
  assert.ok(performance.now() - start < 2000);
  assert.ok(Deno.memoryUsage().rss - before < 50 * 1024 ** 2);
});

Deno.test("Read refuses pipes and devices without opening them, and works after", async () => {
  await using place = new ToolWorld({ "a.txt": "fine" });
  execFileSync("mkfifo", [place.path("pipe")]);
  place.link("zero", "/dev/zero");
  const start = performance.now();
  assert.equal(
    await place.refusal(readTool, { file_path: "pipe" }),
    'refused: Cannot read "/workspace/pipe": it is a pipe (FIFO), expected a regular file',
  );
  assert.match(
    await place.refusal(readTool, { file_path: "zero" }),
    /^refused: Cannot read "\/workspace\/zero": it leads to "\/dev\/zero", outside the granted folders/,
  );
  const granted = { ...place.world, roots: { ...place.world.roots, read: ["/dev/zero"] } };
  const { signal } = new AbortController();
  await assert.rejects(readTool.perform({ file_path: "/dev/zero" }, granted, signal), {
    fault: "refused",
    message: 'Cannot read "/dev/zero": it is a device, expected a regular file',
  });
  assert.ok(performance.now() - start < 2000);
  assert.equal(await place.text(readTool, { file_path: "a.txt" }), "     1\tfine");
});

Deno.test("Read follows links inside the roots and refuses those that lead out", async () => {
  await using place = new ToolWorld({
    "real/a.txt": "inside",
    "../granted/g.txt": "granted",
    "../outside/secret": "secret",
  });
  place.link("to_file", "real/a.txt");
  place.link("to_folder", "real");
  place.link("to_granted", place.path("../granted"));
  place.link("out_file", "../outside/secret");
  place.link("out_folder", "../outside");
  place.link("chain", "out_folder");
  place.link("out_dangling", "../outside/nothing");
  place.link("loop", "loop");
  for (const path of ["to_file", "to_folder/a.txt", "real/../real/./a.txt"]) {
    assert.equal(await place.text(readTool, { file_path: path }), "     1\tinside");
  }
  assert.equal(await place.text(readTool, { file_path: "to_granted/g.txt" }), "     1\tgranted");
  const out = ["out_file", "out_folder/secret", "chain/secret", "out_folder", "chain"];
  for (const path of out) {
    const line = await place.refusal(readTool, { file_path: path });
    const target = path.endsWith("secret") || path === "out_file" ? "/outside/secret" : "/outside";
    const start = `refused: Cannot read "/workspace/${path}": it leads to "${target}", outside the \
granted folders (/workspace, /granted); grant it with capabilities.sandbox.read ["${target}"]`;
    assert.ok(line.startsWith(start), line);
  }
  assert.equal(
    await place.refusal(readTool, { file_path: "out_dangling" }),
    'refused: Cannot read "/workspace/out_dangling": no such file or folder',
  );
  assert.equal(
    await place.refusal(readTool, { file_path: "loop" }),
    'refused: Cannot read "/workspace/loop": its symlinks lead in a circle',
  );
});

Deno.test("Read refuses paths outside before it looks at them", async () => {
  await using place = new ToolWorld({ "../outside/secret": "", "../workspace2/x": "" });
  for (
    const path of [
      "../outside/secret",
      "a/../../outside/secret",
      "..",
      "/",
      "../workspace2/x",
      "../nothing",
    ]
  ) {
    const line = await place.refusal(readTool, { file_path: path });
    assert.match(
      line,
      /^refused: Cannot read ".*": outside the granted folders \(\/workspace, \/granted\)/,
    );
  }
});

Deno.test("Read says what is wrong with a path", async () => {
  await using place = new ToolWorld({ "a.txt": "" });
  const table: readonly (readonly [path: string, line: string])[] = [
    ["none", 'refused: Cannot read "/workspace/none": no such file or folder'],
    ["a.txt/b", 'refused: Cannot read "/workspace/a.txt/b": no such file or folder'],
    ["a\0b", "bad_input: file_path: expected a path, got a text with a NUL character"],
    [
      "x".repeat(10_000),
      "bad_input: file_path: expected a path of at most 4096 characters, got 10000",
    ],
    [
      "x".repeat(300),
      `refused: Cannot read "/workspace/${"x".repeat(300)}": a name in it is too long`,
    ],
  ];
  for (const [path, line] of table) {
    const refusal = await place.refusal(readTool, { file_path: path });
    assert.equal(refusal.replace(/\/tmp[^"]*(?=\/workspace)/, ""), line);
  }
});

Deno.test("Read ends when aborted", async () => {
  await using place = new ToolWorld({ "big.txt": "b\n".repeat(16 * 1024 * 1024) });
  const controller = new AbortController();
  const reading = place.call(readTool, { file_path: "big.txt" }, controller.signal);
  const reason = new Error("stop");
  controller.abort(reason);
  await assert.rejects(reading, (thrown) => thrown === reason);
});
