// The loop of one run: prompt, model, tools, next round, until the model is done, the run is
// cancelled, waits for an answer, or a limit is reached. It is handed all that touches the world.
import { type Clock, deadline } from "../base/clock.ts";
import { WorkerError } from "../core/errors.ts";
import type { Message } from "../core/message.ts";
import type { Outcome } from "../core/outcome.ts";
import type { ToolSchema } from "../core/tool_schema.ts";
import { carryMetadata, type Origin } from "../providers/carry.ts";
import { type ModelRequest, type Provider, ProviderError } from "../providers/provider.ts";
import type { Desk } from "../tools/desk.ts";
import { Compactor } from "./compactor.ts";
import { ContextTeller } from "./context_teller.ts";
import { contextWindow } from "./context_window.ts";
import { describeFailure } from "./failure.ts";
import { type GuidanceFile, pathsOf } from "./guidance.ts";
import { userMessage } from "./history.ts";
import { askModel } from "./model_call.ts";
import type { ModelLimits } from "./model_limits.ts";
import { notificationEvent, type Notify } from "./notify.ts";
import { type RoundEnd, runCalls } from "./round.ts";
import type { Session } from "./session.ts";
import type { SteeringQueue } from "./steering.ts";
import { SUMMARY_TOKENS } from "./summary.ts";
import { estimateTokens, TokenGauge } from "./token_gauge.ts";
import type { ToolCallDeps } from "./tool_call.ts";
import { addUsage, type Turn } from "./turn.ts";

export type LoopInput = {
  readonly session: Session;
  readonly origin: Origin;
  readonly limits: ModelLimits;
  readonly tools: readonly ToolSchema[];
  readonly reasoningEffort?: string | undefined;
  readonly maxRounds: number;
  readonly runTimeoutMs?: number | undefined;
  /** Whether a run that waits for an answer ends as suspended; else it ends as completed. */
  readonly answersPauses: boolean;
};

export type LoopDeps = Omit<ToolCallDeps, "policy" | "desk"> & {
  readonly provider: Provider;
  readonly steering: SteeringQueue;
  readonly clock: Clock;
  readonly web: Desk["web"];
  readonly notesFolder: string;
  /** Instruction files for these paths that the session was not told of yet. */
  readonly guide: (paths: readonly string[]) => Promise<readonly GuidanceFile[]>;
};

/** Turns in a row that may need room made for them after the model refused them as too long. */
const MAX_OVERFLOWS = 3;

/** Runs to the one outcome. Never rejects: whatever is thrown becomes the outcome's error. */
export async function runLoop(
  input: LoopInput,
  deps: LoopDeps,
  signal: AbortSignal,
): Promise<Outcome> {
  using limit = timeLimit(input.runTimeoutMs);
  const loop = new Loop(input, deps);
  try {
    return await loop.run(AbortSignal.any([signal, limit.signal]));
  } catch (thrown) {
    if (signal.aborted) return { status: "cancelled", result: loop.text };
    const failure = limit.signal.aborted ? limit.signal.reason : thrown;
    return { status: "error", ...describeFailure(failure), result: loop.text };
  }
}

class Loop {
  readonly #input: LoopInput;
  readonly #deps: LoopDeps;
  readonly #gauge: TokenGauge;
  readonly #compactor: Compactor;
  readonly #teller: ContextTeller;
  readonly #notify: Notify;
  #overflows = 0;
  /** Taken back when the model refuses it. */
  #effort: string | undefined;
  /** The last text of the assistant, whole or as far as it came. */
  text = "";

  constructor(input: LoopInput, deps: LoopDeps) {
    this.#input = input;
    this.#deps = deps;
    this.#effort = input.reasoningEffort;
    this.#gauge = new TokenGauge(input.tools);
    const window = contextWindow(input.limits);
    const { session } = input;
    const { emit } = deps;
    this.#notify = (note) => deps.emit(notificationEvent(note, session.id, deps.make));
    this.#teller = new ContextTeller({ gauge: this.#gauge, window, emit });
    this.#compactor = new Compactor({
      session,
      gauge: this.#gauge,
      window,
      make: deps.make,
      emit,
      notify: this.#notify,
      askAside: (messages, signal) => this.#askAside(messages, signal),
    });
  }

  async run(signal: AbortSignal): Promise<Outcome> {
    const { session, maxRounds } = this.#input;
    const { emit, steering } = this.#deps;
    this.#steer(session.takeKept());
    for (let round = 0; round < maxRounds; round++) {
      signal.throwIfAborted();
      await emit({ type: "runner_progress", session_id: session.id, round_count: round });
      this.#steer(steering.take());
      const { turn, end } = await this.#round(signal);
      if (end.pause) {
        const { call, tool, question } = end.pause;
        session.wait({ callId: call.id, tool, question });
        return await this.#pause(signal);
      }
      if (turn.calls.length > 0 || !steering.isEmpty) continue;
      await emit({ type: "complete", usage: session.usage });
      return { status: "completed", result: turn.text };
    }
    throw new WorkerError("limit", `Round limit reached: ${maxRounds} (limits.max_rounds)`);
  }

  #steer(texts: readonly string[]): void {
    const { session: { conversation } } = this.#input;
    conversation.append(...texts.map((text) => userMessage(text, this.#deps.make)));
  }

  /** The model's turn, its calls, and what comes of them. */
  async #round(signal: AbortSignal): Promise<{ turn: Turn; end: RoundEnd }> {
    const { session } = this.#input;
    const { conversation, counts } = session;
    const turn = await this.#ask(signal);
    const calls = conversation.withOwnIds(turn.calls, this.#deps.make.newId);
    conversation.append(this.#assistantMessage({ ...turn, calls }));
    session.counts = {
      rounds: counts.rounds + 1,
      toolCalls: counts.toolCalls + calls.length,
    };
    const end = await runCalls(calls, this.#toolDeps(), signal);
    conversation.append(...end.messages);
    await this.#tellGuidance(calls.flatMap(pathsOf));
    if (end.compact) await this.#compactor.run("manual", { ...end.compact, signal });
    return { turn, end };
  }

  /** Makes room first, and once more when the model says that there is none. */
  async #ask(signal: AbortSignal): Promise<Turn> {
    await this.#compactor.beforeTurn(signal);
    await this.#teller.tellPressure(this.#input.session.conversation.prompt);
    for (let isFirst = true;; isFirst = false) {
      try {
        const turn = await this.#askOnce(signal);
        if (isFirst) this.#overflows = 0;
        return turn;
      } catch (thrown) {
        const isOverflow = thrown instanceof ProviderError &&
          thrown.failure === "context_overflow";
        if (!isOverflow || !isFirst || ++this.#overflows >= MAX_OVERFLOWS) throw thrown;
        if (!await this.#compactor.run("critical", { signal })) throw thrown;
      }
    }
  }

  async #askOnce(signal: AbortSignal): Promise<Turn> {
    const { provider, emit, clock } = this.#deps;
    const { session } = this.#input;
    const prompt = [...session.conversation.prompt];
    const turn = await askModel(this.#request(prompt), {
      provider,
      emit,
      clock,
      notify: this.#notify,
      onText: (text) => this.text = text,
      onEffortRefused: () => this.#effort = undefined,
      onTurn: (turn) => this.#count(prompt, turn),
      onUsage: (answered) =>
        this.#teller.tellUsage(prompt, { takenOut: session.takenOut, answered }),
    }, signal);
    if (turn.usage) this.#gauge.learn(prompt, turn.usage.promptTokens);
    if (turn.stop === "refused" && turn.text === "" && turn.calls.length === 0) {
      const message = `${provider.name}: the model refused to answer`;
      throw new ProviderError(message, { failure: "invalid_request" });
    }
    if (turn.stop === "max_tokens") {
      const title = "The answer was cut off";
      const body = `the model's limit of ${this.#input.limits.outputTokens} tokens was reached`;
      await this.#notify({ category: "model", priority: "high", title, body });
    }
    return turn;
  }

  #request(messages: readonly Message[]): ModelRequest {
    const { origin: { model }, tools, limits } = this.#input;
    const reasoningEffort = this.#effort;
    return { model, messages, tools, maxOutputTokens: limits.outputTokens, reasoningEffort };
  }

  /** The model's answer to something that is no part of the conversation. */
  async #askAside(messages: readonly Message[], signal: AbortSignal): Promise<string> {
    const { provider, clock } = this.#deps;
    const { origin: { model }, limits } = this.#input;
    const maxOutputTokens = Math.min(limits.outputTokens, SUMMARY_TOKENS);
    const reasoningEffort = this.#effort === undefined ? undefined : "low";
    const request = { model, messages, tools: [], maxOutputTokens, reasoningEffort };
    const turn = await askModel(request, {
      provider,
      clock,
      emit: async () => {},
      notify: this.#notify,
      onText: () => {},
      onUsage: async () => {},
      onEffortRefused: () => this.#effort = undefined,
      onTurn: (turn) => this.#count(messages, turn),
    }, signal);
    return turn.text;
  }

  /** The provider's figures, or an estimate where it gives none. */
  #count(asked: readonly Message[], { text, usage: answered }: Turn): void {
    const { session } = this.#input;
    const prompt = answered?.promptTokens ?? this.#gauge.tokensOf(asked) + this.#gauge.toolTokens;
    const completion = answered?.completionTokens ?? estimateTokens(text);
    session.usage = addUsage(session.usage, {
      prompt_tokens: prompt,
      completion_tokens: completion,
      total_tokens: answered?.totalTokens ?? prompt + completion,
    });
  }

  async #tellGuidance(paths: readonly string[]): Promise<void> {
    if (paths.length === 0) return;
    const { guide, make } = this.#deps;
    const { session, limits } = this.#input;
    session.tell(await guide(paths), limits, make);
  }

  async #pause(signal: AbortSignal): Promise<Outcome> {
    const { answersPauses, session } = this.#input;
    // They steer what comes after the answer.
    session.keep(...this.#deps.steering.take());
    const { callId, tool, question } = session.waiting ?? {};
    if (!question) throw new TypeError("Expected a question to wait on");
    await this.#deps.emit({
      type: "need_clarification",
      question: question.question,
      options: question.options.length > 0 ? [...question.options] : null,
      tool_call_id: callId,
      tool_name: tool,
      allow_custom: question.allowCustom,
    });
    signal.throwIfAborted();
    if (answersPauses) return { status: "suspended", result: question.question };
    await this.#deps.emit({ type: "complete", usage: session.usage });
    return { status: "completed", result: this.text || question.question };
  }

  #assistantMessage({ text, reasoning, calls, carry }: Turn): Message {
    const { make } = this.#deps;
    return {
      id: make.newId(),
      role: "assistant",
      content: text,
      created_at: make.timestamp(),
      phase: calls.length > 0 ? "commentary" : "final_answer",
      ...(reasoning ? { reasoning } : {}),
      ...(calls.length > 0 ? { tool_calls: calls } : {}),
      ...(carry === undefined ? {} : { metadata: carryMetadata(this.#input.origin, carry) }),
    };
  }

  #toolDeps(): ToolCallDeps {
    const { session } = this.#input;
    const { clock, make, web, notesFolder } = this.#deps;
    const desk: Desk = {
      sessionId: session.id,
      clock,
      timestamp: make.timestamp,
      get tasks() {
        return session.tasks;
      },
      setTasks: (list) => session.tasks = list,
      notesFolder,
      web,
      counts: session.counts,
      isPlanning: session.policy.mode === "plan",
    };
    return { ...this.#deps, policy: session.policy, desk };
  }
}

function timeLimit(ms: number | undefined): Disposable & { signal: AbortSignal } {
  if (ms === undefined) {
    return { signal: new AbortController().signal, [Symbol.dispose]: () => {} };
  }
  const reason = `Run timed out after ${ms / 1000} s (limits.run_timeout_secs)`;
  return deadline(ms, () => new WorkerError("timeout", reason));
}
