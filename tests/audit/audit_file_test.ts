import { strict as assert } from "node:assert";
import * as fs from "node:fs";
import { join } from "node:path";
import { AuditLog } from "../../src/audit/audit_file.ts";
import { sha256 } from "../../src/audit/entry.ts";
import { verifyLines } from "../../src/audit/verify.ts";
import { FakeClock } from "../support/fake_clock.ts";
import { tempDir } from "../support/temp_dir.ts";

type Place = { readonly folder: string; readonly path: string };

function placeIn(root: string): Place {
  const folder = join(root, "agents", "audit");
  return { folder, path: join(folder, "c-1.jsonl") };
}

function open({ folder }: Place, clock = new FakeClock()): AuditLog {
  return AuditLog.open({ folder, id: "c-1", clock });
}

/** One activation that runs once. */
function activate(place: Place): void {
  const log = open(place);
  log.write("run_started", { run: "r-1" });
  log.write("end", {});
  log.close();
}

function linesOf({ path }: Place): string[] {
  return fs.readFileSync(path, "utf8").trimEnd().split("\n");
}

function kindsOf(place: Place): unknown[] {
  return linesOf(place).map((line) => {
    const { epoch, kind } = JSON.parse(line);
    return `${epoch} ${kind}`;
  });
}

function assertIntact({ path }: Place): void {
  const verdict = verifyLines(fs.readFileSync(path, "utf8"));
  assert.equal(verdict.type, "intact", JSON.stringify(verdict));
}

Deno.test("AuditLog writes entries that only this user may read", async () => {
  await using root = tempDir();
  const place = placeIn(root.path);
  const clock = new FakeClock();
  const log = open(place, clock);
  await clock.advance(1500.4);
  log.write("run_ended", { run: "r-1", status: "completed" });
  log.close();
  const [line = ""] = linesOf(place);
  assert.deepEqual(JSON.parse(line), {
    seq: 1,
    at: "2026-06-18T10:00:01.500Z",
    mono_ms: 1500,
    epoch: 1,
    kind: "run_ended",
    run: "r-1",
    status: "completed",
    prev: "0".repeat(64),
  });
  const modes = [place.folder, place.path].map((path) => fs.statSync(path).mode & 0o777);
  assert.deepEqual(modes, [0o700, 0o600]);
});

Deno.test("AuditLog goes on where the last activation ended, and counts it", async () => {
  await using root = tempDir();
  const place = placeIn(root.path);
  for (let count = 0; count < 3; count++) activate(place);
  const expected = [1, 2, 3].flatMap((epoch) => [`${epoch} run_started`, `${epoch} end`]);
  assert.deepEqual(kindsOf(place), expected);
  assertIntact(place);
});

Deno.test("AuditLog keeps a torn line, tells of it, and chains on", async () => {
  await using root = tempDir();
  const place = placeIn(root.path);
  activate(place);
  const whole = fs.readFileSync(place.path, "utf8");
  for (let end = 0; end <= whole.length; end++) {
    fs.writeFileSync(place.path, whole.slice(0, end));
    const before = linesOf(place);
    activate(place);
    assert.deepEqual(linesOf(place).slice(0, before.length - 1), before.slice(0, -1));
    assertIntact(place);
  }
  fs.writeFileSync(place.path, whole.slice(0, -5));
  activate(place);
  const [first = "", , told = ""] = linesOf(place);
  const { seq, epoch, kind, lines, after } = JSON.parse(told);
  assert.deepEqual({ seq, epoch, kind, lines, after }, {
    seq: 2,
    epoch: 2,
    kind: "torn_lines",
    lines: 1,
    after: sha256(first),
  });
});

Deno.test("AuditLog tells of several torn lines at once", async () => {
  await using root = tempDir();
  const place = placeIn(root.path);
  activate(place);
  fs.appendFileSync(place.path, '{"seq":3,"at":"20\n{"se');
  activate(place);
  assert.equal(JSON.parse(linesOf(place)[4] ?? "").lines, 2);
  assertIntact(place);
});

Deno.test("AuditLog finds the last entry of a large file", async () => {
  await using root = tempDir();
  const place = placeIn(root.path);
  const log = open(place);
  const missing = Array.from({ length: 100 }, () => "x".repeat(4000));
  for (let count = 0; count < 3; count++) {
    const facts = { spec_sha256: "", level: "kernel", missing, grants: {}, self_tests: [] };
    log.write("start", facts);
  }
  log.close();
  activate(place);
  assert.equal(linesOf(place).length, 5);
  assertIntact(place);
});

Deno.test("AuditLog chains on when another activation is not over yet", async () => {
  await using root = tempDir();
  const place = placeIn(root.path);
  const [first, second] = [open(place), open(place)];
  for (const log of [first, second, first, second]) log.write("run_started", { run: "r" });
  for (const log of [first, second]) log.close();
  assert.equal(linesOf(place).length, 4);
  assertIntact(place);
});

Deno.test("AuditLog tells of lines that were torn while it was open", async () => {
  await using root = tempDir();
  const place = placeIn(root.path);
  const log = open(place);
  log.write("run_started", { run: "r-1" });
  fs.appendFileSync(place.path, '{"seq":2,"at"');
  log.write("end", {});
  log.close();
  assert.equal(JSON.parse(linesOf(place)[2] ?? "").kind, "torn_lines");
  assertIntact(place);
});

Deno.test("AuditLog opens nothing but a plain file of a log", async (t) => {
  const cases: Readonly<Record<string, (place: Place) => void>> = {
    "a link to a file": ({ folder, path }) => {
      fs.writeFileSync(join(folder, "other"), "");
      fs.symlinkSync(join(folder, "other"), path);
    },
    "a link to nothing": ({ folder, path }) => fs.symlinkSync(join(folder, "made"), path),
    "a folder": ({ path }) => fs.mkdirSync(path),
    "a text": ({ path }) => fs.writeFileSync(path, "hello\n"),
    "JSON that is no entry": ({ path }) => fs.writeFileSync(path, "{}\n"),
    "a link for its folder": ({ folder }) => {
      fs.renameSync(folder, `${folder}2`);
      fs.symlinkSync(`${folder}2`, folder);
    },
  };
  for (const [name, prepare] of Object.entries(cases)) {
    await t.step(name, async () => {
      await using root = tempDir();
      const place = placeIn(root.path);
      fs.mkdirSync(place.folder, { recursive: true });
      prepare(place);
      const message = /^audit log ".*c-1\.jsonl": it/;
      const isLinked = name === "a link for its folder";
      assert.throws(() => open(place), { fault: "internal", message });
      assert.ok(!fs.existsSync(join(place.folder, "made")), "written through a link");
      assert.equal(fs.lstatSync(place.folder).isSymbolicLink(), isLinked);
    });
  }
});

Deno.test("AuditLog closes what others could read", async () => {
  await using root = tempDir();
  const place = placeIn(root.path);
  activate(place);
  fs.chmodSync(place.path, 0o644);
  fs.chmodSync(place.folder, 0o755);
  activate(place);
  const modes = [place.folder, place.path].map((path) => fs.statSync(path).mode & 0o777);
  assert.deepEqual(modes, [0o700, 0o600]);
});

Deno.test("write() throws once it cannot write, and ever after", async () => {
  await using root = tempDir();
  const place = placeIn(root.path);
  const log = open(place);
  log.write("run_started", { run: "r-1" });
  fs.truncateSync(place.path, 10);
  const shorter = { fault: "internal", message: /somebody made it shorter$/ };
  assert.throws(() => log.write("end", {}), shorter);
  fs.appendFileSync(place.path, "x".repeat(1000));
  assert.throws(() => log.write("end", {}), { fault: "internal", message: /it is failed$/ });
  log.close();
  log.close();
  assert.throws(() => log.write("end", {}), { fault: "internal", message: /it is closed$/ });
});
