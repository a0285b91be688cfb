// The tool calls of one round: read-only neighbours side by side, all else one by one, results in
// the order of the calls; and how many there may be.
import { deadline } from "../base/clock.ts";
import { WorkerError } from "../core/errors.ts";
import type { Message } from "../core/message.ts";
import type { Question } from "../core/question.ts";
import type { ToolCall } from "../core/tool_call.ts";
import {
  type Called,
  callTool,
  type Effects,
  type Perform,
  prepareCall,
  type PreparedCall,
  refuseCall,
  type ToolCallDeps,
} from "./tool_call.ts";
import { unrunMessage } from "./history.ts";

/** wire: the loop, limits. */
const MAX_CALLS = 80;
const MAX_FAILURES = 3;
const BATCH_TOOL_MS = 120_000;
const BATCH_MS = 300_000;

export type RoundEnd = {
  /** One for each call, in order. */
  readonly messages: readonly Message[];
  /** The call on whose question the run waits. */
  readonly pause?: { readonly call: ToolCall; readonly tool: string; readonly question: Question };
  readonly compact?: Effects["compact"];
};

/** Rejects with the abort reason, or with a budget that is used up. */
export async function runCalls(
  calls: readonly ToolCall[],
  deps: ToolCallDeps,
  signal: AbortSignal,
): Promise<RoundEnd> {
  const messages: Message[] = [];
  const failures = new Failures();
  let compact: Effects["compact"];
  for (let at = 0; at < calls.length;) {
    const batch = nextBatch(calls, at, { deps, failures });
    const called = await runBatch(batch, deps, signal);
    at += batch.length;
    for (const one of called) {
      messages.push(one.message);
      failures.note(one);
      compact = one.compact ?? compact;
    }
    const paused = called.findIndex(({ pause }) => pause !== undefined);
    const { pause: question, tool } = called[paused] ?? {};
    const call = batch[paused]?.call;
    if (question === undefined || tool === undefined || call === undefined) continue;
    const why = "the call was not run: the run waits for an answer";
    const rest = calls.slice(at).map(({ id }) => unrunMessage(id, why, deps.make));
    return { messages: [...messages, ...rest], pause: { call, tool, question }, compact };
  }
  return { messages, compact };
}

/** The next call, with the read-only ones that follow a read-only one. */
function nextBatch(
  calls: readonly ToolCall[],
  at: number,
  { deps, failures }: { readonly deps: ToolCallDeps; readonly failures: Failures },
): readonly PreparedCall[] {
  const batch: PreparedCall[] = [];
  for (const [index, call] of calls.slice(at, MAX_CALLS).entries()) {
    const prepared = failures.judge(prepareCall(call, deps));
    if (!isParallel(prepared, deps)) return index === 0 ? [prepared] : batch;
    batch.push(prepared);
  }
  if (batch.length > 0) return batch;
  const error = (call: ToolCall) =>
    `${call.function.name.slice(0, 200)}: per-round tool call limit (${MAX_CALLS}) reached`;
  return calls.slice(at).map((call) => ({ type: "refused", call, error: error(call) }));
}

/** Changes nothing, and nobody is asked about it. */
function isParallel(prepared: PreparedCall, { policy }: ToolCallDeps): boolean {
  if (prepared.type === "refused") return false;
  const { tool, plan: { mutating, needs } } = prepared;
  if (tool.runs === "agent" && tool.pauses) return false;
  return !mutating && (!policy.enforced || needs.length === 0);
}

async function runBatch(
  batch: readonly PreparedCall[],
  deps: ToolCallDeps,
  signal: AbortSignal,
): Promise<readonly Called[]> {
  const [only] = batch;
  if (batch.length === 1 && only) return [await callTool(only, deps, signal)];
  using whole = deadline(BATCH_MS, () => new WorkerError("timeout", "batch"));
  const running = batch.map((prepared) => {
    if (prepared.type === "refused") return refuseCall(prepared.call, prepared.error, deps);
    const perform = inTime(prepared.tool.name, deps.perform, whole.signal);
    return callTool(prepared, { ...deps, perform }, signal);
  });
  const settled = await Promise.allSettled(running);
  return settled.map((one) => {
    if (one.status === "rejected") throw one.reason;
    return one.value;
  });
}

/** With a time limit that is told as the tool's own failure. */
function inTime(tool: string, perform: Perform, whole: AbortSignal): Perform {
  const seconds = BATCH_TOOL_MS / 1000;
  const late = () => new WorkerError("timeout", `Tool '${tool}' timed out after ${seconds} s`);
  return async (request, signal) => {
    using limit = deadline(BATCH_TOOL_MS, late);
    try {
      return await perform(request, AbortSignal.any([signal, limit.signal, whole]));
    } catch (thrown) {
      signal.throwIfAborted();
      if (limit.signal.aborted || whole.aborted) throw late();
      throw thrown;
    }
  };
}

/** Tools that keep failing within a round. */
class Failures {
  readonly #inARow = new Map<string, number>();

  note({ tool, success }: Called): void {
    if (tool === "conclusion_with_options") this.#inARow.clear();
    this.#inARow.set(tool, success ? 0 : (this.#inARow.get(tool) ?? 0) + 1);
  }

  judge(prepared: PreparedCall): PreparedCall {
    if (prepared.type === "refused") return prepared;
    const { call, tool: { name } } = prepared;
    if ((this.#inARow.get(name) ?? 0) < MAX_FAILURES) return prepared;
    const reached = `${MAX_FAILURES} consecutive failures reached`;
    const error = `${name}: ${reached} circuit limit (${MAX_FAILURES}) in this round`;
    return { type: "refused", call, error };
  }
}
