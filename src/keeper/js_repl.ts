// Evaluates a program of the model's in a process that has given up every permission and every
// file: the one place where model text is run as code of our own engine.
import { messageOf } from "../core/errors.ts";
import { applyHygiene } from "../sandbox/hygiene.ts";
import { applyLandlock } from "../sandbox/landlock.ts";
import { openLibc } from "../sandbox/libc.ts";

const KINDS = ["run", "read", "write", "net", "env", "sys", "ffi", "import"] as const;
const CHUNK_BYTES = 64 * 1024;
/** What the program is called in the stack of an error; the engine itself shortens the other. */
const NAME = "js_repl";
const SCHEME = "data:text/javascript;charset=utf-8,";
const ADDRESS = new RegExp(`${SCHEME}[^:\\s]*`, "g");
/** Calls of our own files and of the engine's. */
const OTHER_FILES = /^\s+at .*\b(?:file|ext|node):/;

const NOTHING = {
  paths: [],
  connectPorts: [],
  bindPorts: [],
  isSealed: true,
  forbidden: "/",
} as const;

type Timer = ReturnType<typeof setTimeout>;
type Work = (...args: unknown[]) => void;
type Outcome = { readonly type: "ended" } | { readonly type: "failed"; readonly thrown: unknown };

/**
 * Runs the module on stdin and resolves to the exit code: 1 after an uncaught error, which then
 * stands on stderr. It is over when the module and all timers it set are.
 * @throws where the kernel cannot take the files away: the engine reads modules unasked.
 */
export async function runJsRepl(): Promise<number> {
  const libc = openLibc();
  applyHygiene(libc);
  const address = SCHEME + encodeURIComponent(readStdin());
  applyLandlock(libc, NOTHING);
  for (const name of KINDS) Deno.permissions.revokeSync({ name });
  const outcome = await withoutDeno(() => evaluate(address));
  if (outcome.type === "ended") return 0;
  writeError(`Uncaught ${describe(outcome.thrown)}\n`);
  return 1;
}

function readStdin(): string {
  const decoder = new TextDecoder();
  const chunk = new Uint8Array(CHUNK_BYTES);
  let text = "";
  for (;;) {
    const count = Deno.stdin.readSync(chunk);
    if (count === null) return text + decoder.decode();
    text += decoder.decode(chunk.subarray(0, count), { stream: true });
  }
}

/** Whoever ends this process needs it again afterwards. */
async function withoutDeno<Result>(work: () => Promise<Result>): Promise<Result> {
  const hidden = Object.getOwnPropertyDescriptor(globalThis, "Deno") ?? {};
  Reflect.deleteProperty(globalThis, "Deno");
  try {
    return await work();
  } finally {
    Object.defineProperty(globalThis, "Deno", hidden);
  }
}

async function evaluate(address: string): Promise<Outcome> {
  const timersEnd = watchTimers();
  const uncaught = Promise.withResolvers<Outcome>();
  const fail = (event: Event, thrown: unknown) => {
    event.preventDefault();
    uncaught.resolve({ type: "failed", thrown });
  };
  addEventListener("error", (event) => fail(event, event.error));
  addEventListener("unhandledrejection", (event) => fail(event, event.reason));
  const whole = import(address).then(timersEnd).then(
    (): Outcome => ({ type: "ended" }),
    (thrown): Outcome => ({ type: "failed", thrown }),
  );
  return await Promise.race([whole, uncaught.promise]);
}

/** Returns a wait for the end of all timers that are set from now on. */
function watchTimers(): () => Promise<void> {
  const { setTimeout: once, setInterval: always, clearTimeout: clear } = globalThis;
  const pending = new Set<Timer>();
  let wake = () => {};
  const forget = (id: Timer) => {
    pending.delete(id);
    wake();
  };
  const cancel = (id: Timer) => {
    clear(id);
    forget(id);
  };
  const later = (work: Work, ms?: number, ...args: unknown[]) => {
    const id = once(() => {
      try {
        work(...args);
      } finally {
        forget(id);
      }
    }, ms);
    pending.add(id);
    return id;
  };
  const again = (work: Work, ms?: number, ...args: unknown[]) => {
    const id = always(work, ms, ...args);
    pending.add(id);
    return id;
  };
  Object.assign(globalThis, {
    setTimeout: later,
    setInterval: again,
    clearTimeout: cancel,
    clearInterval: cancel,
  });
  return async () => {
    // What waits for nothing but its turn takes it first: it may set another timer.
    await new Promise((resolve) => once(resolve, 0));
    while (pending.size > 0) {
      await new Promise<void>((resolve) => wake = resolve);
      await new Promise((resolve) => once(resolve, 0));
    }
  };
}

function describe(thrown: unknown): string {
  const text = thrown instanceof Error ? thrown.stack ?? messageOf(thrown) : Deno.inspect(thrown);
  return text.replace(ADDRESS, NAME).split("\n")
    .filter((line) => !OTHER_FILES.test(line)).join("\n");
}

function writeError(text: string): void {
  const bytes = new TextEncoder().encode(text);
  for (let done = 0; done < bytes.length;) done += Deno.stderr.writeSync(bytes.subarray(done));
}
