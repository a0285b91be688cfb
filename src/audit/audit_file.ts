// The audit log as a file: opened without trusting what lies there, appended to line by line.
import * as fs from "node:fs";
import { join } from "node:path";
import type { Clock } from "../base/clock.ts";
import { messageOf, WorkerError } from "../core/errors.ts";
import { formatTimestamp } from "../core/timestamp.ts";
import { type AuditFacts, type AuditKind, nextLine, sha256 } from "./entry.ts";
import { type LogEnd, logEnd } from "./log_end.ts";

export type AuditLogOptions = {
  /** Made with mode 0700 if it is missing; the logs of all agents lie in it. */
  readonly folder: string;
  /** The agent's id, which must be a safe child id. */
  readonly id: string;
  readonly clock: Clock;
};

/** So much of a file's end is read first; it doubles until an entry is in it. */
const FIRST_WINDOW = 64 * 1024;

/**
 * One activation's hold on its agent's log. Synchronous: an entry is in the file before what it
 * tells of goes on. After any failure nothing can be written any more.
 */
export class AuditLog {
  readonly #path: string;
  readonly #file: number;
  readonly #clock: Clock;
  readonly #epoch: number;
  #end: LogEnd;
  /** Bytes of the file as we last saw it. */
  #size: number;
  #state: "open" | "failed" | "closed" = "open";

  /** @throws WorkerError `internal` when there can be no log. */
  static open({ folder, id, clock }: AuditLogOptions): AuditLog {
    const path = join(folder, `${id}.jsonl`);
    try {
      makeFolder(folder);
      return openOrClose(openPlainFile(path), (file) => new AuditLog(path, file, clock));
    } catch (thrown) {
      throw failure(path, thrown);
    }
  }

  private constructor(path: string, file: number, clock: Clock) {
    this.#path = path;
    this.#file = file;
    this.#clock = clock;
    this.#size = fs.fstatSync(file).size;
    this.#end = readEnd(file, this.#size);
    this.#epoch = this.#end.epoch + 1;
    this.#tellTornLines();
  }

  /** @throws WorkerError `internal`: what cannot be logged must not go on. */
  write<Kind extends AuditKind>(kind: Kind, facts: AuditFacts[Kind]): void {
    try {
      if (this.#state !== "open") throw new TypeError(`it is ${this.#state}`);
      this.#catchUp();
      this.#append(kind, facts);
    } catch (thrown) {
      if (this.#state === "open") this.#state = "failed";
      throw failure(this.#path, thrown);
    }
  }

  /** Harmless when done before. */
  close(): void {
    if (this.#state !== "closed") fs.closeSync(this.#file);
    this.#state = "closed";
  }

  /** An activation of the same agent that is not over yet may have written since. */
  #catchUp(): void {
    const { size } = fs.fstatSync(this.#file);
    if (size < this.#size) throw new RangeError("somebody made it shorter");
    if (size === this.#size) return;
    this.#size = size;
    this.#end = readEnd(this.#file, size);
    this.#tellTornLines();
  }

  #tellTornLines(): void {
    if (this.#end.torn) this.#append("torn_lines", this.#end.torn);
  }

  #append(kind: AuditKind, facts: AuditFacts[AuditKind]): void {
    const seq = this.#end.seq + 1;
    const line = nextLine(this.#end.hash, {
      seq,
      at: formatTimestamp(this.#clock.now()),
      mono_ms: Math.round(this.#clock.monotonic()),
      epoch: this.#epoch,
      kind,
      facts,
    });
    const bytes = new TextEncoder().encode(`${this.#end.isOpen ? "\n" : ""}${line}\n`);
    for (let done = 0; done < bytes.length;) {
      done += fs.writeSync(this.#file, bytes.subarray(done));
    }
    this.#size += bytes.length;
    this.#end = { seq, epoch: this.#epoch, hash: sha256(line), torn: undefined, isOpen: false };
  }
}

function failure(path: string, cause: unknown): WorkerError {
  const why = messageOf(cause);
  return new WorkerError("internal", `audit log ${JSON.stringify(path)}: ${why}`, { cause });
}

/** The file is closed when nobody comes to hold it. */
function openOrClose(file: number, hold: (file: number) => AuditLog): AuditLog {
  try {
    return hold(file);
  } catch (thrown) {
    fs.closeSync(file);
    throw thrown;
  }
}

/** Only this user may enter it, whatever it was before. */
function makeFolder(folder: string): void {
  fs.mkdirSync(folder, { recursive: true, mode: 0o700 });
  const seen = fs.lstatSync(folder);
  if (!seen.isDirectory()) throw new TypeError("its folder is a link");
  if ((seen.mode & 0o077) !== 0) fs.chmodSync(folder, 0o700);
}

/** With narrowed permissions the runtime opens what a link leads to, O_NOFOLLOW or not. */
function openPlainFile(path: string): number {
  const { O_RDWR, O_APPEND, O_CREAT, O_EXCL, O_NOFOLLOW, O_NONBLOCK } = fs.constants;
  const seen = fs.lstatSync(path, { throwIfNoEntry: false });
  if (seen === undefined) return fs.openSync(path, O_RDWR | O_APPEND | O_CREAT | O_EXCL, 0o600);
  if (!seen.isFile()) throw new TypeError("it is no regular file");
  const file = fs.openSync(path, O_RDWR | O_APPEND | O_NOFOLLOW | O_NONBLOCK);
  return openChecked(file, seen);
}

function openChecked(file: number, seen: fs.Stats): number {
  const { dev, ino, mode } = fs.fstatSync(file);
  if (seen.dev === dev && seen.ino === ino) {
    if ((mode & 0o077) !== 0) fs.fchmodSync(file, 0o600);
    return file;
  }
  fs.closeSync(file);
  throw new TypeError("it was replaced while it was opened");
}

function readEnd(file: number, size: number): LogEnd {
  for (let window = FIRST_WINDOW;; window *= 2) {
    const isWhole = window >= size;
    const text = readFrom(file, { start: isWhole ? 0 : size - window, end: size });
    const end = logEnd(isWhole ? text : text.slice(text.indexOf("\n") + 1), { isWhole });
    if (end) return end;
  }
}

/** Kept with a byte order mark: hashes are of what is there. */
function readFrom(file: number, { start, end }: { start: number; end: number }): string {
  const bytes = new Uint8Array(end - start);
  for (let done = 0; done < bytes.length;) {
    const count = fs.readSync(file, bytes, done, bytes.length - done, start + done);
    if (count === 0) throw new RangeError("somebody made it shorter");
    done += count;
  }
  return new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes);
}
