// What a compartment that was taken over would try, one way at a time: each attempt returns when it
// was let and throws when it was not.
import { execFileSync } from "node:child_process";
import { createSocket } from "node:dgram";
import { readFileSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import process from "node:process";
import { DatabaseSync } from "node:sqlite";
import type { Targets } from "./targets.ts";

export type Attempt = {
  readonly run: (targets: Targets) => unknown;
  /** The level that refuses it, where the runtime's own permissions do not. */
  readonly needs?: "kernel";
};

export const ATTEMPTS: Readonly<Record<string, Attempt>> = {
  "fetch": { run: ({ listener }) => fetch(`http://127.0.0.1:${listener}/`) },
  "WebSocket": { run: ({ listener }) => opened(new WebSocket(`ws://127.0.0.1:${listener}/`)) },
  "Deno.connect": { run: ({ listener }) => Deno.connect({ port: listener }).then(close) },
  "Deno.connect to a unix socket": {
    run: ({ socket }) => Deno.connect({ transport: "unix", path: socket }).then(close),
  },
  "Deno.listen": { run: () => close(Deno.listen({ hostname: "127.0.0.1", port: 0 })) },
  "Deno.serve": {
    run: () => Deno.serve({ port: 0, onListen: () => {} }, () => new Response()).shutdown(),
  },
  "node:net": { run: ({ listener }) => connected(listener) },
  "node:dgram": { run: ({ listener }) => datagramSent(listener) },
  "import over http": { run: ({ listener }) => import(`http://127.0.0.1:${listener}/x.js`) },

  "Deno.Command": { run: () => new Deno.Command("/bin/true").outputSync() },
  "node:child_process": { run: () => execFileSync("/bin/true") },
  "Deno.kill": { run: ({ decoyPid }) => Deno.kill(decoyPid, "SIGCONT") },
  "process.kill": { run: ({ decoyPid }) => process.kill(decoyPid, "SIGCONT") },
  "Deno.dlopen": { run: () => close(Deno.dlopen("libc.so.6", {})) },

  "Deno.env.get": { run: ({ home }) => expectSame(Deno.env.get("HOME"), home) },
  "Deno.env.toObject": { run: ({ home }) => expectSame(Deno.env.toObject()["HOME"], home) },
  "process.env": { run: ({ home }) => expectSame(process.env["HOME"], home) },
  "the spec on stdin": { run: () => expectBytes(Deno.stdin.readSync(new Uint8Array(1))) },
  "/proc/self/environ": { run: () => Deno.readFileSync("/proc/self/environ") },
  "/proc/self/cmdline": { run: () => Deno.readFileSync("/proc/self/cmdline") },
  "/proc/self/mem": { run: () => close(Deno.openSync("/proc/self/mem")) },
  "another process's environ": {
    run: ({ decoyPid }) => Deno.readFileSync(`/proc/${decoyPid}/environ`),
  },

  "Deno.readTextFile": { run: ({ secret }) => Deno.readTextFile(secret) },
  "Deno.readTextFileSync": { run: () => Deno.readTextFileSync("/etc/hostname") },
  "node:fs read": { run: ({ secret }) => readFileSync(secret) },
  "a path with ..": { run: ({ home }) => Deno.readFileSync(`${home}/../outside/secret.txt`) },
  "Deno.readDirSync": { run: ({ outside }) => [...Deno.readDirSync(outside)] },
  "Deno.statSync": { run: ({ secret }) => Deno.statSync(secret) },
  "Deno.writeTextFileSync": { run: ({ outside }) => Deno.writeTextFileSync(`${outside}/a`, "x") },
  "node:fs write": { run: ({ outside }) => writeFileSync(`${outside}/b`, "x") },
  "Deno.mkdirSync": { run: ({ outside }) => Deno.mkdirSync(`${outside}/c`) },
  "Deno.makeTempFileSync": { run: () => Deno.removeSync(Deno.makeTempFileSync()) },
  "Deno.chmodSync": { run: ({ secret }) => Deno.chmodSync(secret, 0o600) },
  "Deno.symlinkSync": { run: ({ outside, secret }) => Deno.symlinkSync(secret, `${outside}/d`) },
  "node:sqlite": { run: ({ outside }) => new DatabaseSync(`${outside}/e.db`).close() },
  "attaching a database": {
    run: ({ outside }) => {
      using database = new DatabaseSync(":memory:");
      database.exec(`attach '${outside}/f.db' as f; create table f.t(a)`);
    },
  },
  "Deno.hostname": { run: () => Deno.hostname() },
  "Deno.networkInterfaces": { run: () => Deno.networkInterfaces() },

  "a thread that may read": { run: () => widerThread({ read: true }) },
  "a thread that may use the network": { run: () => widerThread({ net: true }) },
  "a thread that may start programs": { run: () => widerThread({ run: true }) },
  "a thread that may load native code": { run: () => widerThread({ ffi: true }) },
  "asking for more": { run: () => expectGranted(Deno.permissions.requestSync({ name: "read" })) },

  // In a compiled program `import` asks no permission for a file.
  "import of a .js file": { run: ({ modules }) => import(modules.js), needs: "kernel" },
  "import of a .ts file": { run: ({ modules }) => import(modules.ts), needs: "kernel" },
  "import of a .json file": {
    run: ({ modules }) => import(modules.json, { with: { type: "json" } }),
    needs: "kernel",
  },
};

function close(resource: { close(): void }): void {
  resource.close();
}

function expectSame(value: string | undefined, wanted: string): void {
  if (value !== wanted) throw new Absent(`got ${value}`);
}

function expectBytes(count: number | null): void {
  if (count === null) throw new Absent("end of file");
}

function expectGranted({ state }: Deno.PermissionStatus): void {
  if (state !== "granted") throw new Absent(state);
}

/** What was looked for is not there, for this thread. */
class Absent extends Error {
  override readonly name = "Absent";
}

function opened(socket: WebSocket): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  socket.onopen = () => resolve();
  // The listener is no WebSocket server: what counts is that it was reached.
  socket.onerror = (event) =>
    reject(new Error(event instanceof ErrorEvent ? event.message : "error"));
  return promise;
}

function connected(port: number): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const socket = connect(port, "127.0.0.1", resolve);
  socket.on("error", reject);
  return promise.finally(() => socket.destroy());
}

/** Node's layer throws its refusal where nobody can catch it, but for such a listener. */
function datagramSent(port: number): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  uncaught.refused = reject;
  const socket = createSocket("udp4");
  socket.send("x", port, "127.0.0.1", (error) => error ? reject(error) : resolve());
  return promise.finally(() => uncaught.refused = undefined);
}

const uncaught: { refused: ((error: unknown) => void) | undefined } = { refused: undefined };

// Listens from the start: before the compartment, which would take the error for its own failure.
addEventListener("error", (event) => {
  if (uncaught.refused === undefined) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  uncaught.refused(event.error);
});

function widerThread(permissions: Deno.PermissionOptionsObject): void {
  const worker = new Worker("data:text/javascript,", { type: "module", deno: { permissions } });
  worker.terminate();
}
