// One record as a file: read without trusting what lies there, replaced in one step.
import { randomUUID } from "node:crypto";
import * as fs from "node:fs";
import { open, rename, rm } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { timestampMs } from "../core/timestamp.ts";
import { decodeRecord } from "../protocol/record.ts";
import { encodeRecord } from "../protocol/encode.ts";
import type { AgentRecord } from "../protocol/record.ts";

const MAX_RECORD_BYTES = 256 * 1024;

export type RecordRead =
  | { readonly type: "missing" }
  /** Something lies there that is no readable record of the agent it is named for. */
  | { readonly type: "broken" }
  | { readonly type: "record"; readonly record: AgentRecord };

/** Where the record of `id`, which must be a safe child id, lies. */
export function recordPath(folder: string, id: string): string {
  return join(folder, `${id}.json`);
}

/** Opens no link, waits for no pipe, and reads no more than a record may hold. Never throws. */
export function readRecord(path: string): RecordRead {
  try {
    const record = decodeRecord(readPlainFile(path));
    return `${record.agent_id}.json` === basename(path)
      ? { type: "record", record }
      : { type: "broken" };
  } catch (error) {
    return isMissing(error) ? { type: "missing" } : { type: "broken" };
  }
}

export function isLive(record: AgentRecord, now: number): boolean {
  return (timestampMs(record.lease_expires_at) ?? 0) > now;
}

/**
 * Whoever reads sees the old record or the new one (wire: Record and fabric). A link that lies at
 * `path` is replaced, not followed. Leaves nothing behind when it fails.
 */
export async function writeRecord(path: string, record: AgentRecord): Promise<void> {
  const temporary = join(dirname(path), `.${basename(path)}.tmp.${randomUUID()}`);
  try {
    const file = await open(temporary, "wx", 0o600);
    try {
      await file.writeFile(encodeRecord(record));
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true }).catch(() => {/* the first failure is the one to tell */});
    throw error;
  }
}

/** True if the file or folder does not exist. */
export function isMissing(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === "ENOENT";
}

/** With narrowed permissions the runtime opens what a link leads to, O_NOFOLLOW or not. */
function readPlainFile(path: string): string {
  const seen = fs.lstatSync(path);
  const { O_RDONLY, O_NOFOLLOW, O_NONBLOCK } = fs.constants;
  const file = fs.openSync(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK);
  try {
    const { dev, ino, size } = fs.fstatSync(file);
    const isSeen = seen.isFile() && seen.dev === dev && seen.ino === ino;
    if (!isSeen || size > MAX_RECORD_BYTES) throw new RangeError("no record");
    return fs.readFileSync(file, "utf8");
  } finally {
    fs.closeSync(file);
  }
}
