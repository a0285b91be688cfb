// A task that outgrows its model's context again and again: one file read a round, in one worker.
import { systemClock } from "../src/base/clock.ts";
import {
  DONE,
  END_CHUNK,
  type ModelServer,
  serveModel,
  streamAnswer,
  textAnswer,
  toolCallChunk,
  usageChunk,
} from "../tests/support/model_server.ts";
import { Connection } from "./connection.ts";
import { Folder } from "./folder.ts";
import { residentOf } from "./memory.ts";
import { BenchWorker } from "./worker.ts";

export type Task = {
  readonly binary: string;
  readonly rounds: number;
  /** Of the model, in tokens. */
  readonly context: number;
};

export type TaskReport = {
  /** Without the time in which the worker's memory was looked at. */
  readonly roundsPerSecond: number;
  readonly summaries: number;
  /** Of the longest prompt, as the model counts. */
  readonly mostTokens: number;
  /** Megabytes at the start of each round, while the worker waits for the model. */
  readonly resident: readonly number[];
  /** The most megabytes at any time. */
  readonly peak: number;
};

const FILE_LINE = "some words that a file is made of, again and again\n";
const FILE_BYTES = 5_000;
/** What a model counts of JSON and English, roughly. */
const CHARACTERS_PER_TOKEN = 3;
const CALL_TOKENS = 30;
const OUTPUT_TOKENS = 1_000;
const LEAST_SUMMARIES = 3;

/** Throws when a prompt was longer than the context, or the context did not fill up often enough. */
export async function runReadingTask(task: Task): Promise<TaskReport> {
  using folder = new Folder();
  writeFiles(folder.workspace, task.rounds);
  await using model = readingModel({
    rounds: task.rounds,
    folder: folder.workspace,
    onPrompt: (tokens) => watch.note(tokens),
  });
  await using worker = new BenchWorker({
    binary: task.binary,
    runsOn: { type: "model", baseUrl: model.baseUrl },
    reusable: true,
    fields: {
      workspace: folder.workspace,
      limits: { max_rounds: task.rounds + 1 },
      capabilities: {
        model_limits: { context_tokens: task.context, output_tokens: OUTPUT_TOKENS },
      },
    },
  });
  const watch = new Watch(worker.pid);
  let summaries = 0;
  await using connection = new Connection(await worker.endpoint());
  const startedAt = systemClock.monotonic();
  await connection.run("Read them all", (frame) => {
    if (frame.includes('"type":"context_summarized"')) summaries++;
  });
  const seconds = (systemClock.monotonic() - startedAt - watch.lookedMs) / 1000;
  const { mostTokens, resident } = watch;
  const { peak } = await residentOf(worker.pid);
  const roundsPerSecond = task.rounds / seconds;
  return checked(task, { roundsPerSecond, summaries, mostTokens, resident, peak });
}

/** What is seen of a worker whenever it asks its model. */
class Watch {
  readonly #pid: number;
  readonly resident: number[] = [];
  mostTokens = 0;
  /** Milliseconds for which the worker was kept waiting. */
  lookedMs = 0;

  constructor(pid: number) {
    this.#pid = pid;
  }

  async note(tokens: number): Promise<void> {
    const startedAt = systemClock.monotonic();
    const { now } = await residentOf(this.#pid);
    this.resident.push(now);
    this.mostTokens = Math.max(this.mostTokens, tokens);
    this.lookedMs += systemClock.monotonic() - startedAt;
  }
}

type ReadingModel = {
  readonly rounds: number;
  readonly folder: string;
  readonly onPrompt: (tokens: number) => Promise<void>;
};

/** Reads one file after another, and counts what it is asked with as a model would. */
function readingModel({ rounds, folder, onPrompt }: ReadingModel): ModelServer {
  let round = 0;
  return serveModel(async ({ body }) => {
    const { messages, tools } = JSON.parse(body);
    if (messages[0].content.startsWith("You sum up")) return textAnswer("Files were read.");
    const tokens = Math.ceil(JSON.stringify([messages, tools]).length / CHARACTERS_PER_TOKEN);
    await onPrompt(tokens);
    if (round++ === rounds) return textAnswer("all read");
    const file_path = pathOf(folder, round);
    return streamAnswer([
      toolCallChunk({ id: "call_0", name: "Read", arguments: JSON.stringify({ file_path }) }),
      END_CHUNK,
      usageChunk({ prompt: tokens, completion: CALL_TOKENS }),
      DONE,
    ]);
  });
}

function writeFiles(folder: string, count: number): void {
  const text = FILE_LINE.repeat(Math.ceil(FILE_BYTES / FILE_LINE.length)).slice(0, FILE_BYTES);
  for (let at = 1; at <= count; at++) Deno.writeTextFileSync(pathOf(folder, at), text);
}

function pathOf(folder: string, at: number): string {
  return `${folder}/f${at}.txt`;
}

function checked({ rounds, context }: Task, report: TaskReport): TaskReport {
  const { resident, mostTokens, summaries } = report;
  const worked = resident.length - 1;
  if (worked !== rounds) throw new Error(`${worked} rounds were worked, expected ${rounds}`);
  if (mostTokens > context) throw new Error(`a prompt had ${mostTokens} tokens`);
  if (summaries < LEAST_SUMMARIES) throw new Error(`the context was summed up ${summaries} times`);
  return report;
}
