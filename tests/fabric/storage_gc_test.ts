import { strict as assert } from "node:assert";
import * as fs from "node:fs";
import { join } from "node:path";
import { FileFabric } from "../../src/fabric/file_fabric.ts";
import { collectStorage, STORAGE_MARKER } from "../../src/fabric/storage_gc.ts";
import { FakeClock } from "../support/fake_clock.ts";
import { record } from "./contract.ts";
import { temporaryFolder } from "./folders.ts";

const DAY_MS = 24 * 60 * 60 * 1_000;
const uid = fs.lstatSync(".").uid;

Deno.test("collectStorage() removes a marked folder older than 7 days, with all that is in it", () => {
  using it = setUp();
  it.storage("old", { days: 7.1 });
  fs.mkdirSync(join(it.root, "old/home/cache"), { recursive: true });
  fs.writeFileSync(join(it.root, "old/home/cache/file"), "x");
  fs.chmodSync(join(it.root, "old/home/cache"), 0o500);
  it.age("old", 7.1);
  it.storage("new", { days: 6.9 });
  assert.deepEqual(it.collect(), ["old"]);
  assert.deepEqual(fs.readdirSync(it.root), ["new"]);
});

const kept: { why: string; make(it: Setup): void | Promise<void> }[] = [
  { why: "a folder without our marker", make: (it) => it.folder("kept", { days: 30 }) },
  {
    why: "a folder whose marker is a link",
    make(it) {
      it.folder("kept", { days: 30 });
      fs.symlinkSync("/dev/null", join(it.root, "kept", STORAGE_MARKER));
      it.age("kept", 30);
    },
  },
  { why: "a file", make: (it) => fs.writeFileSync(join(it.root, "kept"), "") },
  {
    why: "the folder of a live agent",
    async make(it) {
      it.storage("kept", { days: 30 });
      await it.fabric.publish(record({ agent_id: "kept" }));
    },
  },
];
for (const { why, make } of kept) {
  Deno.test(`collectStorage() leaves ${why}`, async () => {
    using it = setUp();
    await make(it);
    assert.deepEqual(it.collect(), []);
    assert.deepEqual(fs.readdirSync(it.root), ["kept"]);
  });
}

Deno.test("collectStorage() removes the folder of an agent whose lease is over", async () => {
  using it = setUp();
  it.storage("c-7", { days: 30 });
  await it.fabric.publish(record({ livesMs: 0 }));
  assert.deepEqual(it.collect(), ["c-7"]);
});

Deno.test("collectStorage() follows no link: not to a folder, not inside one, not as the root", () => {
  using it = setUp();
  const outside = join(it.path, "outside");
  fs.mkdirSync(outside);
  for (const name of ["precious", STORAGE_MARKER]) fs.writeFileSync(join(outside, name), "");
  fs.utimesSync(outside, 0, 0);
  fs.symlinkSync(outside, join(it.root, "link"));
  it.storage("old", { days: 30 });
  fs.symlinkSync(outside, join(it.root, "old/link"));
  it.age("old", 30);
  assert.deepEqual(it.collect(), ["old"]);
  assert.deepEqual(fs.readdirSync(outside).sort(), [STORAGE_MARKER, "precious"]);
  assert.deepEqual(fs.readdirSync(it.root), ["link"]);

  const rootLink = join(it.path, "root-link");
  it.storage("old", { days: 30 });
  fs.symlinkSync(it.root, rootLink);
  assert.deepEqual(it.collect({ root: rootLink }), []);
});

Deno.test("collectStorage() goes on at the next start with what it had no time for", () => {
  using it = setUp();
  it.storage("old", { days: 30 });
  for (let index = 0; index < 20; index++) fs.writeFileSync(join(it.root, `old/${index}`), "");
  it.age("old", 30);
  it.clock.costs(1);
  assert.deepEqual(it.collect({ budgetMs: 10 }), ["old"]);
  const [left] = fs.readdirSync(it.root);
  assert.match(left ?? "", /^\.removing\./);
  assert.equal(fs.readdirSync(join(it.root, left ?? "")).includes(STORAGE_MARKER), true);
  it.clock.costs(0);
  assert.deepEqual(it.collect(), [left]);
  assert.deepEqual(fs.readdirSync(it.root), []);
});

Deno.test("collectStorage() does nothing without time, root or rights", () => {
  using it = setUp();
  it.storage("old", { days: 30 });
  assert.deepEqual(it.collect({ budgetMs: 0 }), []);
  assert.deepEqual(it.collect({ root: join(it.path, "none") }), []);
  assert.deepEqual(it.collect({ uid: uid + 1 }), []);
  assert.deepEqual(fs.readdirSync(it.root), ["old"]);
});

type Setup = ReturnType<typeof setUp>;

function setUp() {
  const folder = temporaryFolder();
  const root = join(folder.path, "bamboo-subagents");
  const fabricDir = join(folder.path, "fabric");
  const clock = new CostlyClock();
  fs.mkdirSync(root);
  const age = (name: string, days: number) => {
    const seconds = (clock.now() - days * DAY_MS) / 1_000;
    fs.utimesSync(join(root, name), seconds, seconds);
  };
  const make = (name: string, options: { days: number; marker: boolean }) => {
    fs.mkdirSync(join(root, name));
    if (options.marker) fs.writeFileSync(join(root, name, STORAGE_MARKER), "");
    age(name, options.days);
  };
  const options = { root, fabricDir, clock, uid, budgetMs: 50 };
  return {
    path: folder.path,
    root,
    clock,
    fabric: new FileFabric({ folder: fabricDir, clock, uid }),
    age,
    folder: (name: string, { days }: { days: number }) => make(name, { days, marker: false }),
    storage: (name: string, { days }: { days: number }) => make(name, { days, marker: true }),
    collect: (changes: Partial<typeof options> = {}) => collectStorage({ ...options, ...changes }),
    [Symbol.dispose]: () => folder[Symbol.dispose](),
  };
}

/** Each look at the monotonic time takes some of it. */
class CostlyClock extends FakeClock {
  #costMs = 0;
  #spentMs = 0;

  costs(ms: number): void {
    this.#costMs = ms;
  }

  override monotonic(): number {
    this.#spentMs += this.#costMs;
    return super.monotonic() + this.#spentMs;
  }
}
