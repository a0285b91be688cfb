import { strict as assert } from "node:assert";
import { execFile } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { promisify } from "node:util";
import { runSheath } from "../support/sheath_process.ts";
import { tempDir } from "../support/temp_dir.ts";

async function run(code: string): Promise<readonly [code: number, out: string, error: string]> {
  const variables = { HOME: "/secret-home" };
  const { code: exitCode, stdout, stderr } = await runSheath(["js-repl"], {
    variables,
    input: code,
  });
  return [exitCode, stdout, stderr];
}

type Case = readonly [name: string, code: string, end: readonly [number, string, string]];

const TABLE: readonly Case[] = [
  ["prints", 'console.log("é", { a: 1 }); console.error("err")', [0, "é { a: 1 }\n", "err\n"]],
  ["waits at the top", "console.log(await Promise.resolve(1))", [0, "1\n", ""]],
  [
    "waits for timers",
    `setTimeout(() => { console.log("a"); setTimeout(() => console.log("c"), 2); }, 5);
let count = 0;
const id = setInterval(() => { console.log("b"); if (++count === 2) clearInterval(id); }, 20);
const never = setTimeout(() => console.log("never"), 1e6);
clearTimeout(never);`,
    [0, "a\nc\nb\nb\n", ""],
  ],
  [
    "waits for promises that nobody awaits",
    "(async () => { for (let i = 0; i < 99; i++) await null; console.log(1); })()",
    [0, "1\n", ""],
  ],
  ["has no Deno", "console.log(typeof Deno)", [0, "undefined\n", ""]],
  ["ends by its own code alone", "globalThis.Deno = { exit() {} };", [0, "", ""]],
  [
    "fails by an error",
    'function f() {\n  throw new TypeError("x(1)");\n}\nf();',
    [1, "", "Uncaught TypeError: x(1)\n    at f (js_repl:2:9)\n    at js_repl:4:1\n"],
  ],
  [
    "fails by an error of syntax",
    "let x = ;",
    [1, "", "Uncaught SyntaxError: Unexpected token ';' at js_repl:1:9\n"],
  ],
  ["fails by what is no error", "throw { a: 1 }", [1, "", "Uncaught { a: 1 }\n"]],
  [
    "fails by a promise that nobody awaits",
    'Promise.reject(new Error("p")); setTimeout(() => console.log("no"), 1000);',
    [1, "", "Uncaught Error: p\n    at js_repl:1:16\n"],
  ],
  [
    "fails by a timer",
    'setTimeout(() => { throw new Error("t"); }, 1)',
    [1, "", "Uncaught Error: t\n    at js_repl:1:26\n"],
  ],
];

for (const [name, code, end] of TABLE) {
  Deno.test(`runJsRepl() runs a module that ${name}`, async () => {
    assert.deepEqual(await run(code), end);
  });
}

const ATTEMPTS: readonly (readonly [name: string, code: string])[] = [
  ["node:fs", '(await import("node:fs")).readFileSync(file)'],
  ["node:fs/promises", 'await (await import("node:fs/promises")).readFile(file)'],
  ["a module's text", "await import(url)"],
  ["a module's JSON", 'await import(url + "on", { with: { type: "json" } })'],
  ["fetch of a file", "await (await fetch(url)).text()"],
  ["fetch", 'await (await fetch("http://127.0.0.1:" + port)).text()'],
  [
    "node:net",
    'await new Promise((done, fail) => (import("node:net")).then(({ connect }) => \
connect(port, "127.0.0.1", done).on("error", fail)))',
  ],
  ["node:child_process", '(await import("node:child_process")).execFileSync("/bin/true")'],
  ["node:process", '(await import("node:process")).env.HOME.length'],
  [
    "a thread's Deno",
    `await new Promise((done, fail) => {
  const text = "postMessage(Deno.readTextFileSync(" + JSON.stringify(file) + "))";
  const thread = new Worker("data:text/javascript," + encodeURIComponent(text), { type: "module" });
  thread.onmessage = done;
  thread.onerror = (event) => { event.preventDefault(); fail(new Error(event.message)); };
})`,
  ],
  [
    "a thread of a file",
    `await new Promise((done, fail) => {
  const thread = new Worker(url, { type: "module" });
  thread.onmessage = done;
  thread.onerror = (event) => { event.preventDefault(); fail(new Error(event.message)); };
})`,
  ],
];

Deno.test("runJsRepl() leaves a module no way to files, network, programs or variables", async () => {
  await using folder = tempDir();
  await using server = Deno.serve({ port: 0, hostname: "127.0.0.1", onListen() {} }, () => {
    return new Response("secret");
  });
  const file = join(folder.path, "m.js");
  writeFileSync(file, 'globalThis.postMessage?.(1); export default "secret";');
  writeFileSync(`${file}on`, '"secret"');
  const url = pathToFileURL(file).href;
  const names = JSON.stringify({ file, url, port: server.addr.port });
  for (const [name, attempt] of ATTEMPTS) {
    const code = `const { file, url, port } = ${names};
${attempt};
console.log("done");
globalThis.Deno?.exit();`;
    assert.equal(await runFreely(code), "done\n", `${name} is no attempt`);
    const [exitCode, out] = await run(code);
    assert.deepEqual([exitCode, out], [1, ""], name);
  }
});

/** What the same module prints where it may do all. */
async function runFreely(code: string): Promise<string> {
  const running = promisify(execFile)(Deno.execPath(), ["run", "-A", "--ext=js", "--no-lock", "-"]);
  running.child.stdin?.end(code);
  return (await running).stdout;
}
