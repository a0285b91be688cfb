// The notes of a session as files: one for each topic in a folder of the agent's, each read and
// replaced as a whole and never by way of a symlink.
import { readdir, rm } from "node:fs/promises";
import { join, normalize } from "node:path";
import { WorkerError } from "../core/errors.ts";
import { isMissing, withFileErrors } from "./file_error.ts";
import { expectPath, findPath } from "./found_path.ts";
import { fileOfTopic, topicOfFile } from "./note_topic.ts";
import { quoted } from "./path_text.ts";
import { RegularFile } from "./regular_file.ts";
import { replaceFile } from "./replace_file.ts";
import type { Roots } from "./roots.ts";
import { findWriteTarget } from "./write_target.ts";

export const MAX_NOTE_CHARACTERS = 12_000;

const MAX_TOPICS = 50;
/** What another program put there may be longer than our notes. */
const MAX_BYTES = 1024 * 1024;

export class Notes {
  readonly #folder: string;
  readonly #roots: Roots;

  /** `folder` is absolute and real; it need not exist. */
  constructor(folder: string) {
    this.#folder = normalize(folder);
    this.#roots = { workspace: this.#folder, read: [], write: [] };
  }

  /** The text on a topic; undefined where there is none. */
  async read(topic: string, signal: AbortSignal): Promise<string | undefined> {
    const path = this.path(topic);
    const found = await findPath(path, this.#roots);
    if (!found) return undefined;
    if (found.path !== path) throw linked(topic);
    await using file = await RegularFile.open(found, this.#roots);
    return new TextDecoder().decode(await file.bytes(MAX_BYTES, signal));
  }

  /** @throws WorkerError `refused` for a note that is too long, or a topic too many. */
  async write(topic: string, text: string, signal: AbortSignal): Promise<void> {
    const { length } = [...text];
    if (length > MAX_NOTE_CHARACTERS) throw tooLong(topic, length);
    const path = this.path(topic);
    await withFileErrors({ access: "write", path, roots: this.#roots }, async () => {
      const target = await findWriteTarget(path, this.#roots);
      if (!target.found && (await this.topics()).length >= MAX_TOPICS) throw tooMany(topic);
      await replaceFile(target, new TextEncoder().encode(text), { roots: this.#roots, signal });
    });
  }

  /** False when there was none. */
  async clear(topic: string): Promise<boolean> {
    const path = this.path(topic);
    if (!await findPath(path, this.#roots)) return false;
    const found = await expectPath(path, this.#roots);
    if (found.path !== path) throw linked(topic);
    await withFileErrors({ access: "write", path, roots: this.#roots }, () => rm(path));
    return true;
  }

  /** Sorted. */
  async topics(): Promise<readonly string[]> {
    const act = { access: "read", path: this.#folder, roots: this.#roots } as const;
    const names = await withFileErrors(act, () => namesIn(this.#folder));
    return names.map(topicOfFile).filter((topic) => topic !== undefined).toSorted();
  }

  path(topic: string): string {
    return join(this.#folder, fileOfTopic(topic));
  }
}

async function namesIn(folder: string): Promise<readonly string[]> {
  try {
    const entries = await readdir(folder, { withFileTypes: true });
    return entries.filter((entry) => entry.isFile()).map(({ name }) => name);
  } catch (thrown) {
    if (isMissing(thrown)) return [];
    throw thrown;
  }
}

function linked(topic: string): WorkerError {
  return new WorkerError("refused", `Cannot use note ${quoted(topic)}: its file is a symlink`);
}

function tooLong(topic: string, length: number): WorkerError {
  const line = `Cannot write note ${
    quoted(topic)
  }: it would have ${length} characters, expected at most ${MAX_NOTE_CHARACTERS}; replace it by a shorter one or use another topic`;
  return new WorkerError("refused", line);
}

function tooMany(topic: string): WorkerError {
  const line = `Cannot write note ${
    quoted(topic)
  }: there are ${MAX_TOPICS} topics, and no more are kept; clear one first`;
  return new WorkerError("refused", line);
}
