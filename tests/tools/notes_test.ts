import { strict as assert } from "node:assert";
import { mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Notes } from "../../src/tools/notes.ts";
import { tempDir } from "../support/temp_dir.ts";

const NEVER = new AbortController().signal;

Deno.test("Notes write, read and clear one file for each topic", async () => {
  await using dir = tempDir();
  const folder = join(dir.path, "memory", "notes");
  const notes = new Notes(folder);
  assert.equal(await notes.read("plan", NEVER), undefined);
  assert.deepEqual(await notes.topics(), []);
  await notes.write("plan", "one\n", NEVER);
  await notes.write("../x", "two", NEVER);
  await notes.write("plan", "three", NEVER);
  assert.equal(await notes.read("plan", NEVER), "three");
  assert.deepEqual(await notes.topics(), ["../x", "plan"]);
  assert.deepEqual(readdirSync(folder).toSorted(), ["%2e%2e%2fx.md", "plan.md"]);
  assert.equal(await notes.clear("plan"), true);
  assert.equal(await notes.clear("plan"), false);
  assert.deepEqual(await notes.topics(), ["../x"]);
});

Deno.test("Notes touch nothing by way of a symlink", async () => {
  await using dir = tempDir();
  const folder = join(dir.path, "notes");
  const outside = join(dir.path, "outside.md");
  mkdirSync(folder);
  writeFileSync(outside, "mine");
  writeFileSync(join(folder, "other.md"), "other");
  symlinkSync(outside, join(folder, "plan.md"));
  symlinkSync(join(folder, "other.md"), join(folder, "near.md"));
  const notes = new Notes(folder);
  for (const topic of ["plan", "near"]) {
    await assert.rejects(notes.read(topic, NEVER), { name: "WorkerError", fault: "refused" });
    await assert.rejects(notes.write(topic, "x", NEVER), { name: "WorkerError", fault: "refused" });
    await assert.rejects(notes.clear(topic), { name: "WorkerError", fault: "refused" });
  }
  assert.equal(readFileSync(outside, "utf8"), "mine");
  assert.equal(readFileSync(join(folder, "other.md"), "utf8"), "other");
});

Deno.test("Notes write nothing into a folder that is a symlink", async () => {
  await using dir = tempDir();
  mkdirSync(join(dir.path, "outside"));
  symlinkSync(join(dir.path, "outside"), join(dir.path, "notes"));
  const notes = new Notes(join(dir.path, "notes"));
  await assert.rejects(notes.write("plan", "x", NEVER), { name: "WorkerError", fault: "refused" });
  assert.deepEqual(readdirSync(join(dir.path, "outside")), []);
});

Deno.test("Notes have at most 12,000 characters and 50 topics", async () => {
  await using dir = tempDir();
  const notes = new Notes(join(dir.path, "notes"));
  await notes.write("plan", "🧭".repeat(12_000), NEVER);
  await assert.rejects(notes.write("plan", "x".repeat(12_001), NEVER), {
    fault: "refused",
    message: 'Cannot write note "plan": it would have 12001 characters, expected at most 12000; ' +
      "replace it by a shorter one or use another topic",
  });
  assert.equal((await notes.read("plan", NEVER))?.length, 24_000);
  for (let count = 1; count < 50; count++) await notes.write(`topic ${count}`, "x", NEVER);
  await assert.rejects(notes.write("one more", "x", NEVER), {
    fault: "refused",
    message:
      'Cannot write note "one more": there are 50 topics, and no more are kept; clear one first',
  });
  await notes.write("topic 49", "y", NEVER);
  await notes.clear("plan");
  await notes.write("one more", "x", NEVER);
  assert.equal((await notes.topics()).length, 50);
});

Deno.test("Notes leave out what is no note, and refuse what is no file", async () => {
  await using dir = tempDir();
  const folder = join(dir.path, "notes");
  mkdirSync(join(folder, "folder.md"), { recursive: true });
  writeFileSync(join(folder, "README"), "x");
  writeFileSync(join(folder, "big.md"), new Uint8Array(1024 * 1024 + 1));
  const notes = new Notes(folder);
  for (const topic of ["folder", "big"]) {
    await assert.rejects(notes.read(topic, NEVER), { name: "WorkerError", fault: "refused" });
  }
  await assert.rejects(notes.write("folder", "x", NEVER), { fault: "refused" });
  await assert.rejects(notes.clear("folder"), { fault: "refused" });
  assert.deepEqual(await notes.topics(), ["big"]);
  assert.deepEqual(readdirSync(folder).toSorted(), ["README", "big.md", "folder.md"]);
});
