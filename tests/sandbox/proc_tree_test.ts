import { strict as assert } from "node:assert";
import { openLibc } from "../../src/sandbox/libc.ts";
import { descendants, entryNames, memoryIn, namelessBytes } from "../../src/sandbox/proc_tree.ts";
import { tempDir } from "../support/temp_dir.ts";

// Outside of any test: the C library stays loaded.
const libc = Deno.build.os === "linux" ? openLibc() : undefined;

Deno.test("entryNames() reads names of any length and leaves out the folder's own", () => {
  const names = [".", "..", "1", "12345", "a-rather-long-name.txt"];
  const entries = names.map((name) => {
    const length = 8 * Math.ceil((19 + name.length + 1) / 8);
    const bytes = new Uint8Array(length);
    new DataView(bytes.buffer).setUint16(16, length, true);
    bytes.set(new TextEncoder().encode(name), 19);
    return [...bytes];
  });
  assert.deepEqual(entryNames(new Uint8Array(entries.flat())), names.slice(2));
  assert.deepEqual(entryNames(new Uint8Array()), []);
});

Deno.test("memoryIn() adds up what no other process shares", () => {
  const status =
    "Name:\tx\nVmRSS:\t  900 kB\nRssAnon:\t     100 kB\nRssFile:\t 700 kB\nRssShmem:\t 20 kB\n";
  assert.equal(memoryIn(status), 120 * 1024);
  assert.equal(memoryIn(""), 0);
});

Deno.test({
  name: "descendants() finds children, grandchildren and orphans' shells",
  ignore: !libc,
  async fn() {
    assert.ok(libc);
    const child = new Deno.Command("/bin/sh", {
      args: ["-c", "sleep 60 & sleep 60 & echo up; wait"],
      stdout: "piped",
    }).spawn();
    const reader = child.stdout.getReader();
    await reader.read();
    const found = descendants(libc, Deno.pid).map(({ pid }) => pid);
    const below = descendants(libc, child.pid);
    assert.ok(found.includes(child.pid));
    assert.equal(below.length, 2);
    for (const { pid, memoryBytes } of below) {
      assert.ok(found.includes(pid));
      assert.ok(memoryBytes > 0);
      Deno.kill(pid, "SIGKILL");
    }
    await reader.cancel();
    await child.status;
    assert.deepEqual(descendants(libc, child.pid), []);
  },
});

Deno.test({
  name: "namelessBytes() counts open files that were removed, and no others",
  ignore: !libc,
  async fn() {
    assert.ok(libc);
    await using folder = tempDir();
    const before = namelessBytes(libc, Deno.pid);
    using kept = Deno.createSync(`${folder.path}/kept`);
    using removed = Deno.createSync(`${folder.path}/removed`);
    for (const file of [kept, removed]) file.writeSync(new Uint8Array(1_000_000));
    assert.equal(namelessBytes(libc, Deno.pid), before);
    Deno.removeSync(`${folder.path}/removed`);
    const more = namelessBytes(libc, Deno.pid) - before;
    assert.ok(more >= 1_000_000 && more < 1_100_000, String(more));
  },
});
