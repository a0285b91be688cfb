// js_repl in the compiled program: what it computes, and that it reaches nothing.
import { strict as assert } from "node:assert";
import { type CommandEnd, ended, runCommands } from "../support/commands.ts";
import { Playground } from "../support/playground.ts";
import type { NamedCall } from "../support/scripted_spec.ts";

function js(code: string, args: Readonly<Record<string, unknown>> = {}): NamedCall {
  return ["js_repl", { code, ...args }];
}

const programs: Record<string, { readonly call: NamedCall; readonly end: CommandEnd }> = {
  "top-level await, timers and typed arrays": {
    call: js(`
      const late = await new Promise((resolve) => setTimeout(resolve, 5, "late"));
      console.log(late, new Uint8Array([1, 2]).reduce((a, b) => a + b), 2n ** 64n);
      setTimeout(() => console.log("last"), 5);
      console.error("aside");
    `),
    end: ended({ stdout: "late 3 18446744073709551616n\nlast\n", stderr: "aside\n" }),
  },
  "an error with its stack": {
    call: js(`function fail() {
  throw new RangeError("too far");
}
console.log("before");
fail();`),
    end: ended({
      stdout: "before\n",
      stderr: "Uncaught RangeError: too far\n    at fail (js_repl:2:9)\n    at js_repl:5:1\n",
      exit_code: 1,
    }),
  },
  "a rejection nobody handles": {
    call: js(`Promise.reject(new Error("lost")); await new Promise((r) => setTimeout(r, 1000));`),
    end: ended({ stderr: "Uncaught Error: lost\n    at js_repl:1:16\n", exit_code: 1 }),
  },
  "an endless loop": {
    call: js("console.log(1); for (;;);", { timeout_ms: 300 }),
    end: ended({ stdout: "1\n", exit_code: 137, timed_out: true }),
  },
  "an endless wait": {
    call: js("setInterval(() => {}, 10);", { timeout_ms: 300 }),
    end: ended({ exit_code: 137, timed_out: true }),
  },
};

Deno.test("js_repl runs a module to its end", async (t) => {
  using ground = new Playground();
  const ends = await runCommands({
    ground,
    commands: Object.values(programs).map(({ call }) => call),
  });
  for (const [index, [name, { end }]] of Object.entries(programs).entries()) {
    await t.step(name, () => assert.deepEqual(ends[index], end));
  }
});

const HIDDEN = /^Uncaught ReferenceError: Deno is not defined\n/;

Deno.test("js_repl reaches no file, no network, no program and no module", async (t) => {
  using ground = new Playground({ "a.txt": "secret", "a.mjs": "console.log('secret');" });
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = listener.addr;
  const file = JSON.stringify(ground.path("a.txt"));
  const module = JSON.stringify(`file://${ground.path("a.mjs")}`);
  const refused: Record<string, { readonly code: string; readonly says?: RegExp }> = {
    "the runtime's own functions": { code: "Deno.readTextFileSync('a.txt')", says: HIDDEN },
    "node's files": { code: `(await import("node:fs")).readFileSync(${file})` },
    "system files": { code: '(await import("node:fs")).readFileSync("/etc/passwd")' },
    "node's programs": { code: '(await import("node:child_process")).execFileSync("/bin/true")' },
    "the environment": { code: 'console.log((await import("node:process")).env.HOME.length)' },
    "a module of the workspace": { code: `await import(${module})`, says: /PermissionDenied/ },
    "a module of the network": {
      code: `await import("http://127.0.0.1:${port}/a.mjs")`,
      says: /Module not found/,
    },
    "fetch": { code: `await fetch("http://127.0.0.1:${port}/")`, says: /NotCapable/ },
    "node's sockets": {
      code: `const { connect } = await import("node:net");
const { promise, resolve, reject } = Promise.withResolvers();
connect(${port}, "127.0.0.1").on("connect", resolve).on("error", reject);
await promise;`,
    },
    "another thread": {
      code: `const { promise, resolve, reject } = Promise.withResolvers();
const thread = new Worker(${module}, { type: "module" });
thread.onmessage = resolve;
thread.onerror = reject;
await promise;`,
    },
  };
  const ends = await runCommands({
    ground,
    commands: Object.values(refused).map(({ code }) => js(code, { timeout_ms: 5_000 })),
  });
  for (const [index, [name, { says = /Uncaught / }]] of Object.entries(refused).entries()) {
    await t.step(name, () => {
      const end = ends[index];
      assert.deepEqual({ ...end, stderr: "" }, ended({ exit_code: 1 }), end?.stderr ?? "");
      assert.match(end?.stderr ?? "", says);
    });
  }
});
