// The command that tells a provider's key: run by `sheath run` itself, never by an agent.
import { deadline, systemClock } from "../base/clock.ts";
import { settlesWithin } from "../base/within.ts";
import { messageOf, WorkerError } from "../core/errors.ts";
import { splitCommand } from "./command_words.ts";
import type { Config } from "./config_text.ts";

/** A person may have to type a passphrase. */
const LIMIT_MS = 60_000;
/** How long what it printed may take after its end: a child of its may still hold the pipe. */
const REST_MS = 500;
const MAX_BYTES = 16 * 1024;

export type KeyCommandOptions = {
  /** For messages: where it was configured. */
  readonly at: string;
  readonly signal: AbortSignal;
  readonly limitMs?: number;
};

/** The key of a provider, by its `key_command`. Throws as `readKey` does. */
export async function readConfiguredKey(
  { path, values, lineOf }: Config,
  provider: string,
  signal: AbortSignal,
): Promise<string> {
  const key = ["providers", provider, "key_command"];
  const at = `${path}:${lineOf(key)}: ${key.join(".")}`;
  const command = splitCommand(values.providers?.[provider]?.key_command ?? "");
  if (command.type === "bad") throw new WorkerError("bad_input", `${at}: ${command.why}`);
  return await readKey(command.words, { at, signal });
}

/**
 * The first line of what it prints, without blanks around it. It gets the user's whole environment
 * and terminal, and `/` as its folder, so that no project has a say in what it does.
 * @throws WorkerError `bad_input` that names its program, never what it printed; the abort reason.
 */
export async function readKey(
  [program, ...args]: readonly [program: string, ...args: string[]],
  { at, signal, limitMs = LIMIT_MS }: KeyCommandOptions,
): Promise<string> {
  const bad = (what: string) => new WorkerError("bad_input", `${at}: "${program}" ${what}`);
  using limit = deadline(limitMs, () => bad(`took longer than ${limitMs / 1000} s`));
  const until = AbortSignal.any([signal, limit.signal]);
  const child = start(program, args, bad);
  const end = () => kill(child);
  until.addEventListener("abort", end, { once: true });
  if (until.aborted) end();
  const output = new Output(child.stdout, end);
  const { success, code, signal: killer } = await child.status;
  until.removeEventListener("abort", end);
  const text = await output.close();
  until.throwIfAborted();
  if (text === undefined) throw bad(`printed more than ${MAX_BYTES / 1024} KiB`);
  if (killer !== null) throw bad(`was ended by ${killer}`);
  if (!success) throw bad(`ended with exit code ${code}`);
  const key = text.split("\n", 1)[0]?.trim() ?? "";
  if (key === "") throw bad("printed no key in its first line");
  if (!/^[\x21-\x7e]+$/.test(key)) throw bad("printed what is no key: expected visible ASCII");
  return key;
}

function start(
  program: string,
  args: readonly string[],
  bad: (what: string) => WorkerError,
): Deno.ChildProcess {
  try {
    return new Deno.Command(program, {
      args: [...args],
      cwd: "/",
      stdin: Deno.stdin.isTerminal() ? "inherit" : "null",
      stdout: "piped",
      stderr: "inherit",
    }).spawn();
  } catch (cause) {
    const isMissing = cause instanceof Deno.errors.NotFound;
    throw bad(isMissing ? "is not there" : `cannot be started: ${messageOf(cause)}`);
  }
}

function kill(child: Deno.ChildProcess): void {
  try {
    child.kill("SIGKILL");
  } catch {
    // It has ended.
  }
}

/** What a program prints, until it prints too much. */
class Output {
  readonly #reader: ReadableStreamDefaultReader<Uint8Array>;
  readonly #read: Promise<void>;
  readonly #decoder = new TextDecoder();
  #text = "";
  #bytes = 0;

  constructor(stream: ReadableStream<Uint8Array>, onTooMuch: () => void) {
    this.#reader = stream.getReader();
    this.#read = this.#readAll(onTooMuch);
  }

  /** All there is; undefined when it was too much. */
  async close(): Promise<string | undefined> {
    await settlesWithin(this.#read, { ms: REST_MS, clock: systemClock });
    await this.#reader.cancel();
    return this.#bytes > MAX_BYTES ? undefined : this.#text;
  }

  async #readAll(onTooMuch: () => void): Promise<void> {
    for (;;) {
      const { done, value } = await this.#reader.read();
      if (done) return;
      this.#bytes += value.length;
      if (this.#bytes > MAX_BYTES) return onTooMuch();
      this.#text += this.#decoder.decode(value, { stream: true });
    }
  }
}
