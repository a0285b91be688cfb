import { strict as assert } from "node:assert";
import { Buffer } from "node:buffer";
import { execFileSync } from "node:child_process";
import { closeSync, constants, openSync, readSync, rmSync, writeSync } from "node:fs";
import { WalkedFile } from "../../src/tools/walked_file.ts";
import { ToolWorld } from "./tool_world.ts";

const BUFFER_BYTES = 256 * 1024;

Deno.test("WalkedFile reads a file whole if there is room for it and one byte more", async () => {
  await using place = new ToolWorld();
  for (const size of [0, 1, 65_535, 65_536, 65_537, BUFFER_BYTES - 1]) {
    const content = Uint8Array.from({ length: size }, (_, index) => index % 251);
    using file = WalkedFile.open(place.put("f", content));
    const buffer = new Uint8Array(BUFFER_BYTES);
    assert.equal(file?.read(buffer), size);
    assert.equal(Buffer.compare(buffer.subarray(0, size), content), 0);
    assert.equal(file?.isGenuine, true);
  }
  for (const size of [BUFFER_BYTES, BUFFER_BYTES + 1]) {
    using file = WalkedFile.open(place.put("f", new Uint8Array(size)));
    assert.equal(file?.read(new Uint8Array(BUFFER_BYTES)), BUFFER_BYTES);
  }
});

Deno.test("WalkedFile opens nothing that is gone, and a link is never genuine", async () => {
  await using place = new ToolWorld({ "a": "text" });
  place.link("link", "a");
  for (const name of ["none", "a/b"]) assert.equal(WalkedFile.open(place.path(name)), undefined);
  using linked = WalkedFile.open(place.path("link"));
  assert.equal(linked?.isGenuine ?? false, false);
});

Deno.test("WalkedFile neither waits for a pipe nor takes anything out of it", async () => {
  await using place = new ToolWorld();
  const pipe = place.path("pipe");
  execFileSync("mkfifo", [pipe]);
  using file = WalkedFile.open(pipe);
  const writer = openSync(pipe, constants.O_RDWR | constants.O_NONBLOCK);
  writeSync(writer, "secret");
  assert.equal(file?.read(new Uint8Array(BUFFER_BYTES)), undefined);
  assert.equal(file?.isGenuine, false);
  assert.equal(readSync(writer, new Uint8Array(10), 0, 10, null), 6);
  closeSync(writer);
});

Deno.test("WalkedFile is not genuine once its path leads elsewhere", async () => {
  await using place = new ToolWorld({ "folder/f": "text", "other/f": "text" });
  using file = WalkedFile.open(place.path("folder/f"));
  assert.equal(file?.isGenuine, true);
  rmSync(place.path("folder"), { recursive: true });
  assert.equal(file?.isGenuine, false);
  place.link("folder", "other");
  using linked = WalkedFile.open(place.path("folder/f"));
  assert.equal(linked?.isGenuine, false);
});
