// The loop of one run: prompt, model, tools, next round, until the model is done, the run is
// cancelled or a limit is reached. Events and files are others' business: it is handed both.
import { type Clock, deadline } from "../base/clock.ts";
import { toWorkerError, WorkerError } from "../core/errors.ts";
import type { AgentEvent } from "../core/event.ts";
import type { Message } from "../core/message.ts";
import type { FailureReason, Outcome } from "../core/outcome.ts";
import type { ToolSchema } from "../core/tool_schema.ts";
import type { TokenUsage } from "../core/usage.ts";
import { type Provider, ProviderError } from "../providers/provider.ts";
import { addUsage, DEFAULT_LIMITS } from "./budget.ts";
import { type MessageMaker, userMessage } from "./history.ts";
import type { SteeringQueue } from "./steering.ts";
import { callTool, type ToolCallDeps } from "./tool_call.ts";
import { takeTurn, type Turn } from "./turn.ts";

export type LoopInput = {
  readonly sessionId: string;
  readonly model: string;
  /** System message first. */
  readonly messages: readonly Message[];
  readonly tools: readonly ToolSchema[];
  readonly reasoningEffort?: string | undefined;
  readonly maxRounds: number;
  readonly runTimeoutMs?: number | undefined;
};

export type LoopDeps = ToolCallDeps & {
  readonly provider: Provider;
  readonly steering: SteeringQueue;
  readonly clock: Clock;
  readonly make: MessageMaker;
  readonly emit: (event: AgentEvent) => Promise<void>;
};

const NO_USAGE: TokenUsage = { prompt_tokens: 0, completion_tokens: 0, total_tokens: 0 };

/** Runs to the one outcome. Never rejects: whatever is thrown becomes the outcome's error. */
export async function runLoop(
  input: LoopInput,
  deps: LoopDeps,
  signal: AbortSignal,
): Promise<Outcome> {
  using limit = timeLimit(input.runTimeoutMs);
  const progress: Progress = { text: "" };
  try {
    const result = await rounds(input, deps, progress, AbortSignal.any([signal, limit.signal]));
    return { status: "completed", result };
  } catch (thrown) {
    if (signal.aborted) return { status: "cancelled", result: progress.text };
    const failure = limit.signal.aborted ? limit.signal.reason : thrown;
    return { status: "error", ...describe(failure), result: progress.text };
  }
}

/** The last text of the assistant, whole or as far as it came. */
type Progress = { text: string };

async function rounds(
  input: LoopInput,
  deps: LoopDeps,
  progress: Progress,
  signal: AbortSignal,
): Promise<string> {
  const messages = [...input.messages];
  let usage = NO_USAGE;
  for (let round = 0; round < input.maxRounds; round++) {
    signal.throwIfAborted();
    await deps.emit({
      type: "runner_progress",
      session_id: input.sessionId,
      round_count: round,
    });
    messages.push(...steered(deps));
    const turn = await ask(input, messages, { deps, progress, signal });
    usage = addUsage(usage, turn.usage);
    messages.push(assistantMessage(turn, deps.make));
    for (const call of turn.calls) messages.push(await callTool(call, deps, signal));
    const isDone = turn.calls.length === 0 && deps.steering.isEmpty;
    if (!isDone) continue;
    await deps.emit({ type: "complete", usage });
    return turn.text;
  }
  throw new WorkerError("limit", `Round limit reached: ${input.maxRounds} (limits.max_rounds)`);
}

function ask(
  { model, tools, reasoningEffort }: LoopInput,
  messages: readonly Message[],
  { deps, progress, signal }: { deps: LoopDeps; progress: Progress; signal: AbortSignal },
): Promise<Turn> {
  const maxOutputTokens = DEFAULT_LIMITS.outputTokens;
  const request = { model, messages: [...messages], tools, maxOutputTokens, reasoningEffort };
  const onText = (text: string) => {
    progress.text = text;
  };
  return takeTurn(request, { provider: deps.provider, emit: deps.emit, onText }, signal);
}

function steered({ steering, make }: LoopDeps): Message[] {
  return steering.take().map((text) => userMessage(text, make));
}

function assistantMessage({ text, reasoning, calls }: Turn, make: MessageMaker): Message {
  return {
    id: make.newId(),
    role: "assistant",
    content: text,
    created_at: make.timestamp(),
    phase: calls.length > 0 ? "commentary" : "final_answer",
    ...(reasoning ? { reasoning } : {}),
    ...(calls.length > 0 ? { tool_calls: calls } : {}),
  };
}

function timeLimit(ms: number | undefined): Disposable & { signal: AbortSignal } {
  if (ms === undefined) {
    return { signal: new AbortController().signal, [Symbol.dispose]: () => {} };
  }
  const reason = `Run timed out after ${ms / 1000} s (limits.run_timeout_secs)`;
  return deadline(ms, () => new WorkerError("timeout", reason));
}

/** The terminal's error text and reason. A failed model call is told as the reference tells it. */
function describe(thrown: unknown): { error: string; reason: FailureReason } {
  if (thrown instanceof ProviderError) {
    return { error: `LLM error: ${thrown.message}`, reason: "failed" };
  }
  const { fault, message } = toWorkerError(thrown);
  switch (fault) {
    case "limit":
    case "budget":
    case "timeout":
    case "refused":
      return { error: message, reason: fault };
    case "provider":
    case "cancelled":
    case "bad_input":
    case "connection_lost":
    case "internal":
      return { error: message, reason: "failed" };
  }
}
