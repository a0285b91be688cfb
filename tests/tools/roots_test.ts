import { strict as assert } from "node:assert";
import fc from "fast-check";
import { isInside } from "../../src/base/path_inside.ts";
import { demandAccess, type Roots, rootsFor } from "../../src/tools/roots.ts";

const ROOTS: Roots = { workspace: "/ws", read: ["/data", "/etc/hosts"], write: ["/out", "/ws"] };

Deno.test("rootsFor() gives the workspace both ways, and what may be written to readers too", () => {
  assert.deepEqual(rootsFor("write", ROOTS), ["/ws", "/out"]);
  assert.deepEqual(rootsFor("read", ROOTS), ["/ws", "/out", "/data", "/etc/hosts"]);
});

Deno.test("demandAccess() compares components, and teaches when it refuses", () => {
  const read = (path: string) =>
    `Cannot read "${path}": outside the granted folders \
(/ws, /out, /data, /etc/hosts); grant it with capabilities.sandbox.read ["${path}"] \
or sheath run --read ${path}`;
  const write = (path: string) =>
    `Cannot write "${path}": outside the folders granted for writing \
(/ws, /out); grant it with capabilities.sandbox.write ["${path}"] or sheath run --write ${path}`;
  const table: readonly (readonly ["read" | "write", string, string | undefined])[] = [
    ["read", "/ws", undefined],
    ["read", "/ws/a/b", undefined],
    ["read", "/data/x", undefined],
    ["read", "/etc/hosts", undefined],
    ["write", "/out/x", undefined],
    ["read", "/wsx", read("/wsx")],
    ["read", "/ws-2/a", read("/ws-2/a")],
    ["read", "/", read("/")],
    ["read", "/etc/hosts2", read("/etc/hosts2")],
    ["read", "/etc/passwd", read("/etc/passwd")],
    ["write", "/data/x", write("/data/x")],
    ["write", "/outer", write("/outer")],
  ];
  for (const [access, path, refusal] of table) {
    assert.equal(messageOf(() => demandAccess(access, path, { roots: ROOTS })), refusal, path);
  }
});

Deno.test("demandAccess() says where a name leads", () => {
  const line = messageOf(() =>
    demandAccess("read", "/etc/pass wd", { roots: ROOTS, named: "/ws/l" })
  );
  assert.equal(
    line,
    `Cannot read "/ws/l": it leads to "/etc/pass wd", outside the granted folders \
(/ws, /out, /data, /etc/hosts); grant it with capabilities.sandbox.read ["/etc/pass wd"] \
or sheath run --read "/etc/pass wd"`,
  );
});

Deno.test("isInside() holds for a folder and what is joined to it, and for no longer name", () => {
  const name = fc.string({ minLength: 1 }).filter((text) => !text.includes("/"));
  const path = fc.array(name, { minLength: 1 }).map((names) => `/${names.join("/")}`);
  fc.assert(fc.property(path, path, name, (folder, rest, extra) => {
    assert.ok(isInside(folder, folder) && isInside(folder + rest, folder) && isInside(folder, "/"));
    assert.ok(!isInside(folder + extra, folder) && !isInside(folder, folder + rest));
  }));
});

function messageOf(work: () => void): string | undefined {
  try {
    work();
  } catch (thrown) {
    return thrown instanceof Error ? thrown.message : String(thrown);
  }
  return undefined;
}
