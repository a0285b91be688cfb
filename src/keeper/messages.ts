// What hands, the keeper and its spawner say to each other; JSON lines on the keeper's pipes.
import * as z from "zod";
import { WorkerError } from "../core/errors.ts";
import type { Domain } from "../grants/domain.ts";

/** Bytes of the longest line, either way. */
export const MAX_LINE_BYTES = 1024 * 1024;
/** Output messages of one program that may be under way, unacknowledged. */
export const OUTPUT_CREDIT = 16;

const id = z.int();
const text = z.string();
const count = z.int().check(z.nonnegative());

const domain: z.ZodMiniType<Domain> = z.object({
  paths: z.array(z.object({
    path: text,
    access: z.enum(["read", "read+execute", "write", "write+execute", "unmake"]),
    optional: z._default(z.boolean(), false),
  })),
  connectPorts: z.array(z.int()),
  bindPorts: z.array(z.int()),
  isSealed: z.boolean(),
  forbidden: text,
});

/** The first line the keeper is given. */
export const setupSchema = z.strictObject({
  type: z.literal("setup"),
  /** Whether the keeper runs in a box of its own: else it may only signal its own descendants. */
  boxed: z.boolean(),
  /** The process that no program and no keeper may reach; not seen from a namespace. */
  workerPid: z.optional(z.int()),
  /** What the keeper is to lock itself into; it may stand in one already. */
  domain: z.optional(domain),
  /** Of each process of a program. */
  limits: z.strictObject({
    memoryBytes: count,
    /** The largest file that may be written. */
    fileBytes: count,
    /** Processor time; undefined for no limit. */
    cpuSecs: z.optional(count),
  }),
  /** All the variables a program gets. */
  env: z.record(z.string(), z.string()),
});
export type Setup = z.output<typeof setupSchema>;

const start = z.strictObject({
  type: z.literal("start"),
  id,
  argv: z.tuple([text], text),
  cwd: text,
  input: z.optional(text),
  outputBytes: z.optional(count),
});
export type Start = z.output<typeof start>;

const kill = z.strictObject({ type: z.literal("kill"), id });
/** Everything that runs, orphans too; answered by `all_killed`. */
const killAll = z.strictObject({ type: z.literal("kill_all") });
/** So many output messages of the program have been dealt with. */
const taken = z.strictObject({ type: z.literal("taken"), id, count });

/** Hands to keeper. */
export const toKeeperSchema = z.discriminatedUnion("type", [start, kill, killAll, taken]);
export type ToKeeper = z.output<typeof toKeeperSchema>;

/** Keeper to spawner: what the keeper does not see to itself. */
export const toSpawnerSchema = z.discriminatedUnion("type", [start, kill, taken]);
export type ToSpawner = z.output<typeof toSpawnerSchema>;

const ready = z.strictObject({ type: z.literal("ready") });
const started = z.strictObject({ type: z.literal("started"), id, pid: z.int() });
/** It was not started: one line for the model. Nothing follows. */
const refused = z.strictObject({ type: z.literal("refused"), id, error: text });
const output = z.strictObject({
  type: z.literal("output"),
  id,
  stream: z.enum(["stdout", "stderr"]),
  text,
});
/** The process is gone; its output may not be. For the keeper alone. */
const exited = z.strictObject({ type: z.literal("exited"), id });
/** Nothing follows. */
const end = z.strictObject({
  type: z.literal("end"),
  id,
  exitCode: z.int(),
  cut: z.strictObject({ stdout: z.boolean(), stderr: z.boolean() }),
});
export type End = z.output<typeof end>;
const allKilled = z.strictObject({ type: z.literal("all_killed") });
/** The keeper's last line when it ends of itself. */
const failed = z.strictObject({ type: z.literal("failed"), error: text });

/** Spawner to keeper. */
export const fromSpawnerSchema = z.discriminatedUnion("type", [
  ready,
  started,
  refused,
  output,
  exited,
  end,
]);
export type FromSpawner = z.output<typeof fromSpawnerSchema>;

/** Keeper to hands. */
export const toHandsSchema = z.discriminatedUnion("type", [
  ready,
  started,
  refused,
  output,
  end,
  allKilled,
  failed,
]);
export type ToHands = z.output<typeof toHandsSchema>;

/** @throws WorkerError `internal`, which never quotes the line. */
export function decodeLine<Message>(schema: z.ZodMiniType<Message>, line: string): Message {
  return checkMessage(schema, parse(line));
}

/** For what crossed a thread. @throws WorkerError `internal`. */
export function checkMessage<Message>(schema: z.ZodMiniType<Message>, data: unknown): Message {
  const result = schema.safeParse(data);
  if (!result.success) throw new WorkerError("internal", "Keeper message is not one we know");
  return result.data;
}

function parse(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch (cause) {
    throw new WorkerError("internal", "Keeper message is not JSON", { cause });
  }
}
