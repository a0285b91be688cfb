import { strict as assert } from "node:assert";
import * as fs from "node:fs";
import { FileFabric } from "../../src/fabric/file_fabric.ts";
import { encodeRecord } from "../../src/protocol/encode.ts";
import { FakeClock } from "../support/fake_clock.ts";
import { record, testFabric } from "./contract.ts";
import { temporaryFolder } from "./folders.ts";

const uid = fs.lstatSync(".").uid;

testFabric("file fabric", (clock) => {
  const folder = temporaryFolder();
  const fabric = new FileFabric({ folder: `${folder.path}/new/fabric`, clock, uid });
  return { fabric, [Symbol.dispose]: () => folder[Symbol.dispose]() };
});

Deno.test("publish() writes one pretty file, readable for its user alone", async () => {
  using folder = temporaryFolder();
  const path = `${folder.path}/a/b`;
  await fabricAt(path).publish(record());
  assert.deepEqual(fs.readdirSync(path), ["c-7.json"]);
  assert.equal(fs.readFileSync(`${path}/c-7.json`, "utf8"), encodeRecord(record()));
  const modes = ["a", "a/b", "a/b/c-7.json"].map((name) => modeOf(`${folder.path}/${name}`));
  assert.deepEqual(modes, [0o700, 0o700, 0o600]);
});

Deno.test("publish() replaces a link at the record's place and leaves its target alone", async () => {
  using folder = temporaryFolder();
  fs.writeFileSync(`${folder.path}/target`, "precious");
  fs.symlinkSync(`${folder.path}/target`, `${folder.path}/c-7.json`);
  await fabricAt(folder.path).publish(record());
  assert.equal(fs.readFileSync(`${folder.path}/target`, "utf8"), "precious");
  assert.equal(fs.lstatSync(`${folder.path}/c-7.json`).isFile(), true);
});

Deno.test("a publish() that fails leaves nothing behind", async () => {
  using folder = temporaryFolder();
  fs.mkdirSync(`${folder.path}/c-7.json`);
  await assert.rejects(fabricAt(folder.path).publish(record()), { fault: "bad_input" });
  assert.deepEqual(fs.readdirSync(folder.path), ["c-7.json"]);
});

Deno.test("a fabric_dir that is not a plain folder of this user is refused by name", async (t) => {
  const cases = [
    { why: "a link", make: (path: string) => fs.symlinkSync("/tmp", path), uid },
    { why: "a file", make: (path: string) => fs.writeFileSync(path, ""), uid },
    { why: "a dangling link", make: (path: string) => fs.symlinkSync("/none", path), uid },
  ];
  for (const { why, make, uid } of cases) {
    await t.step(why, async () => {
      using folder = temporaryFolder();
      const path = `${folder.path}/fabric`;
      make(path);
      const fabric = new FileFabric({ folder: path, clock: new FakeClock(), uid });
      const refusal = {
        name: "WorkerError",
        fault: "bad_input",
        message: new RegExp(`^Cannot use fabric_dir "${path}": `),
      };
      await assert.rejects(fabric.publish(record()), refusal);
      await assert.rejects(fabric.discover(), refusal);
      await assert.rejects(fabric.resolve("c-7"), refusal);
      await assert.rejects(fabric.gc(), refusal);
    });
  }
});

Deno.test("a fabric_dir of another user is refused", async () => {
  using folder = temporaryFolder();
  if (uid === 0) fs.chownSync(folder.path, 1_001, 1_001);
  const fabric = new FileFabric({ folder: folder.path, clock: new FakeClock(), uid: uid + 1_000 });
  await assert.rejects(fabric.publish(record()), { name: "WorkerError", fault: "bad_input" });
  await assert.rejects(fabric.discover(), { name: "WorkerError", fault: "bad_input" });
});

const broken: { why: string; make(path: string): void | Promise<void> }[] = [
  { why: "no JSON", make: (path) => fs.writeFileSync(path, "{") },
  { why: "an empty file", make: (path) => fs.writeFileSync(path, "") },
  { why: "a field missing", make: (path) => fs.writeFileSync(path, `{"agent_id":"c-7"}`) },
  {
    why: "another's name",
    make: (path) => fs.writeFileSync(path, encodeRecord(record({ agent_id: "x" }))),
  },
  { why: "a huge file", make: (path) => fs.writeFileSync(path, " ".repeat(300_000)) },
  { why: "a link to a good one", make: (path) => linkToGood(path) },
  { why: "a pipe", make: (path) => makePipe(path) },
];
for (const { why, make } of broken) {
  Deno.test(`a broken record is nobody and goes with gc(): ${why}`, async () => {
    using folder = temporaryFolder();
    const fabric = fabricAt(folder.path);
    await fabric.publish(record({ agent_id: "good" }));
    await make(`${folder.path}/c-7.json`);
    assert.equal(await fabric.resolve("c-7"), undefined);
    assert.deepEqual(await fabric.discover(), [record({ agent_id: "good" })]);
    await fabric.gc();
    assert.deepEqual(fs.readdirSync(folder.path).filter((name) => name.endsWith(".json")), [
      "good.json",
    ]);
  });
}

Deno.test("gc() leaves dotfiles, other files and folders, but for old temporary files", async () => {
  using folder = temporaryFolder();
  const clock = new FakeClock();
  const temporary = (id: string) => `.${id}.json.tmp.01234567-89ab-cdef-0123-456789abcdef`;
  const names = [".hidden.json", "notes.txt", temporary("new"), temporary("old"), ".other.tmp.1"];
  for (const name of names) {
    fs.writeFileSync(`${folder.path}/${name}`, "");
    const age = name === temporary("new") ? 3_500 : 3_700;
    fs.utimesSync(`${folder.path}/${name}`, 0, clock.now() / 1_000 - age);
  }
  fs.mkdirSync(`${folder.path}/folder.json`);
  await new FileFabric({ folder: folder.path, clock, uid }).gc();
  const left = [...names.filter((name) => name !== temporary("old")), "folder.json"].sort();
  assert.deepEqual(fs.readdirSync(folder.path).sort(), left);
});

Deno.test("readers see a whole record while it is written again and again", async () => {
  using folder = temporaryFolder();
  const fabric = fabricAt(folder.path);
  await fabric.publish(record());
  let isWriting = true;
  const writing = (async () => {
    for (let round = 0; round < 50; round++) {
      await fabric.renew(record({ labels: ["x".repeat(round * 100)] }));
    }
    isWriting = false;
  })();
  while (isWriting) {
    assert.equal((await fabric.resolve("c-7"))?.agent_id, "c-7");
    await new Promise((resolve) => setTimeout(resolve, 0));
  }
  await writing;
  assert.deepEqual(fs.readdirSync(folder.path), ["c-7.json"]);
});

function fabricAt(folder: string): FileFabric {
  return new FileFabric({ folder, clock: new FakeClock(), uid });
}

function modeOf(path: string): number {
  return fs.lstatSync(path).mode & 0o777;
}

function linkToGood(path: string): void {
  fs.writeFileSync(`${path}.target`, encodeRecord(record()));
  fs.symlinkSync(`${path}.target`, path);
}

async function makePipe(path: string): Promise<void> {
  await new Deno.Command("mkfifo", { args: [path] }).output();
}
