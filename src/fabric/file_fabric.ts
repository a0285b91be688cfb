// A folder with one record file for each agent of this machine (wire: Record and fabric).
import * as fs from "node:fs";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import type { Clock } from "../base/clock.ts";
import { messageOf, WorkerError } from "../core/errors.ts";
import { isSafeChildId } from "../protocol/child_id.ts";
import type { AgentRecord } from "../protocol/record.ts";
import { type Fabric, isSameAgent, type Renewal } from "./fabric.ts";
import { isLive, isMissing, readRecord, recordPath, writeRecord } from "./record_file.ts";

/** Our own temporary files that a killed worker left behind are kept for so long. */
const KEEP_TEMPORARY_MS = 60 * 60 * 1_000;

export type FileFabricOptions = {
  /** Made with mode 0700 if it is missing. */
  readonly folder: string;
  readonly clock: Clock;
  /** User that this process runs as: the folder must be theirs, or root's. */
  readonly uid: number;
};

export class FileFabric implements Fabric {
  readonly #folder: string;
  readonly #clock: Clock;
  readonly #uid: number;

  constructor(options: FileFabricOptions) {
    this.#folder = options.folder;
    this.#clock = options.clock;
    this.#uid = options.uid;
  }

  async publish(record: AgentRecord): Promise<void> {
    const path = this.#pathOf(record.agent_id);
    try {
      if (!this.#checkFolder()) await mkdir(this.#folder, { recursive: true, mode: 0o700 });
      await writeRecord(path, record);
    } catch (error) {
      throw this.#refusal(error);
    }
  }

  async renew(record: AgentRecord): Promise<Renewal> {
    const read = readRecord(this.#pathOf(record.agent_id));
    if (read.type === "record" && !isSameAgent(read.record, record)) return "replaced";
    await this.publish(record);
    return "renewed";
  }

  resolve(id: string): Promise<AgentRecord | undefined> {
    return Promise.try(() => {
      if (!isSafeChildId(id) || !this.#checkFolder()) return undefined;
      return this.#readLive(recordPath(this.#folder, id));
    });
  }

  discover(): Promise<readonly AgentRecord[]> {
    return Promise.try(() => {
      const live = this.#recordNames().map((name) => this.#readLive(join(this.#folder, name)));
      return live.filter((record) => record !== undefined)
        .sort((left, right) => left.agent_id < right.agent_id ? -1 : 1);
    });
  }

  withdraw(record: AgentRecord): Promise<void> {
    return Promise.try(() => {
      const path = this.#pathOf(record.agent_id);
      if (!this.#checkFolder()) return;
      const read = readRecord(path);
      if (read.type !== "record" || !isSameAgent(read.record, record)) return;
      fs.rmSync(path, { force: true });
    });
  }

  gc(): Promise<void> {
    return Promise.try(() => {
      for (const name of this.#recordNames()) {
        const read = readRecord(join(this.#folder, name));
        const isLeft = read.type === "record" && isLive(read.record, this.#clock.now());
        if (!isLeft) this.#remove(name);
      }
      for (const name of this.#names()) if (this.#isStaleTemporary(name)) this.#remove(name);
    });
  }

  #readLive(path: string): AgentRecord | undefined {
    const read = readRecord(path);
    return read.type === "record" && isLive(read.record, this.#clock.now())
      ? read.record
      : undefined;
  }

  #recordNames(): string[] {
    return this.#names().filter((name) => !name.startsWith(".") && name.endsWith(".json"));
  }

  #names(): string[] {
    try {
      return this.#checkFolder() ? fs.readdirSync(this.#folder) : [];
    } catch (error) {
      throw this.#refusal(error);
    }
  }

  #isStaleTemporary(name: string): boolean {
    if (!/^\..+\.json\.tmp\.[0-9a-f-]{36}$/.test(name)) return false;
    const stat = fs.lstatSync(join(this.#folder, name), { throwIfNoEntry: false });
    return stat !== undefined && stat.mtimeMs < this.#clock.now() - KEEP_TEMPORARY_MS;
  }

  #remove(name: string): void {
    const path = join(this.#folder, name);
    try {
      if (!fs.lstatSync(path).isDirectory()) fs.unlinkSync(path);
    } catch {
      // Gone already, or not ours to remove: garbage that stays does no harm.
    }
  }

  #pathOf(id: string): string {
    if (isSafeChildId(id)) return recordPath(this.#folder, id);
    throw new WorkerError(
      "bad_input",
      `Cannot use "${id}" as an agent id: it is no safe file name`,
    );
  }

  /** False if there is no such folder; throws a WorkerError if it cannot be trusted. */
  #checkFolder(): boolean {
    const stat = fs.lstatSync(this.#folder, { throwIfNoEntry: false });
    if (stat === undefined) return false;
    if (stat.isSymbolicLink()) throw this.#refusal("it is a symbolic link, expected a folder");
    if (!stat.isDirectory()) throw this.#refusal("it is no folder");
    if (stat.uid !== this.#uid && stat.uid !== 0) {
      throw this.#refusal(`it belongs to user ${stat.uid}, expected ${this.#uid}`);
    }
    return true;
  }

  #refusal(why: unknown): WorkerError {
    if (why instanceof WorkerError) return why;
    const text = isMissing(why) ? "it is missing" : messageOf(why);
    const cause = why instanceof Error ? { cause: why } : {};
    return new WorkerError("bad_input", `Cannot use fabric_dir "${this.#folder}": ${text}`, cause);
  }
}
