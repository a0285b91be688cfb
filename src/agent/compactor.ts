// Makes room in a conversation: shortens old outputs, has the model sum up what is old, and as the
// last resort leaves it out. Tells the host of each.
import { messageOf, WorkerError } from "../core/errors.ts";
import type { AgentEvent } from "../core/event.ts";
import type { Message } from "../core/message.ts";
import { RECENT_CHAINS, shortenOutputs, type Split, splitForSummary } from "./compaction.ts";
import { type ContextWindow, percentOf } from "./context_window.ts";
import type { MessageMaker } from "./history.ts";
import type { Notify } from "./notify.ts";
import type { Session } from "./session.ts";
import { summaryMessage, summaryRequest } from "./summary.ts";
import type { TokenGauge } from "./token_gauge.ts";

export type CompactorOptions = {
  readonly session: Pick<Session, "conversation" | "tasks" | "takenOut">;
  readonly gauge: TokenGauge;
  readonly window: ContextWindow;
  readonly make: MessageMaker;
  readonly emit: (event: AgentEvent) => Promise<void>;
  readonly notify: Notify;
  /** Asks the model something beside the conversation; the text may be empty. */
  readonly askAside: (messages: readonly Message[], signal: AbortSignal) => Promise<string>;
};

/** wire: context_summarized.trigger_type. */
export type Trigger = "auto" | "manual" | "critical";
type Phase = "pre-turn" | "mid-turn" | "overflow-recovery";

const PHASES: Readonly<Record<Trigger, Phase>> = {
  auto: "pre-turn",
  manual: "mid-turn",
  critical: "overflow-recovery",
};

/** What is left whole, and what is worth a summary: little, when the model has refused the prompt. */
const EASY = { recentChains: RECENT_CHAINS, least: 3 };
const HARD = { recentChains: 1, least: 1 };
/** A refused prompt that is not shorter than this part of itself would be refused again. */
const SHORTER = 0.9;
/** Shortened outputs alone are enough when they bring the context below this part of the trigger. */
const ENOUGH = 0.7;
/** Growth since the last compaction that makes another one worth its cost, as a part. */
const WORTHWHILE = 0.1;
/** Turns after a summary in which outputs are shortened rather than another one asked for. */
const REST_TURNS = 6;
const CHARACTERS_PER_TOKEN = 3;

export class Compactor {
  readonly #options: CompactorOptions;
  #afterLast = 0;
  #rest = 0;

  constructor(options: CompactorOptions) {
    this.#options = options;
  }

  /** Before the model is asked: does nothing while there is room. Rejects as `run`. */
  async beforeTurn(signal: AbortSignal): Promise<void> {
    const { triggerTokens, budgetTokens, contextTokens } = this.#options.window;
    const isResting = this.#rest-- > 0;
    const tokens = this.#tokens();
    if (tokens < triggerTokens) return;
    const isWorthwhile = tokens >= this.#afterLast + contextTokens * WORTHWHILE;
    if (this.#afterLast > 0 && !isWorthwhile && tokens <= budgetTokens) return;
    if (isResting && await this.#ease()) return;
    await this.run("auto", { signal });
  }

  /** Whether the conversation is shorter now. Rejects with the abort reason, or a used-up budget. */
  async run(
    trigger: Trigger,
    { instructions, signal }: {
      readonly instructions?: string | undefined;
      readonly signal: AbortSignal;
    },
  ): Promise<boolean> {
    const phase = PHASES[trigger];
    const before = this.#tokens();
    await this.#tell(phase, "started");
    this.#shorten(manner(trigger).recentChains);
    const { triggerTokens } = this.#options.window;
    let status = "completed";
    if (trigger !== "auto" || this.#tokens() > triggerTokens * ENOUGH) {
      this.#rest = REST_TURNS;
      status = await this.#sumUp(trigger, { before, instructions, signal });
    }
    const most = Math.min(before * SHORTER, triggerTokens);
    if (trigger === "critical" && this.#tokens() > most) this.#shorten(0);
    this.#afterLast = this.#tokens();
    await this.#tell(phase, status);
    return this.#afterLast < before;
  }

  /** Whether shorter outputs alone, down to the newest, make enough room. */
  async #ease(): Promise<boolean> {
    const { triggerTokens, budgetTokens } = this.#options.window;
    await this.#tell("pre-turn", "started");
    for (
      const [recentChains, most] of [[2, triggerTokens], [1, budgetTokens], [
        0,
        budgetTokens,
      ]] as const
    ) {
      this.#shorten(recentChains);
      if (this.#tokens() <= most) break;
    }
    this.#afterLast = this.#tokens();
    await this.#tell("pre-turn", "completed");
    return this.#afterLast <= budgetTokens;
  }

  #tokens(): number {
    const { gauge, session } = this.#options;
    return gauge.tokensOf(session.conversation.prompt) + gauge.toolTokens;
  }

  #shorten(recentChains: number): void {
    const { session } = this.#options;
    const { conversation, takenOut } = session;
    const before = this.#tokens();
    const { messages, count } = shortenOutputs(conversation.messages, { recentChains });
    conversation.replace(messages);
    const { shortenedOutputs, shortenedTokens } = takenOut;
    session.takenOut = {
      ...takenOut,
      shortenedOutputs: shortenedOutputs + count,
      shortenedTokens: shortenedTokens + before - this.#tokens(),
    };
  }

  /** The status to be told. */
  async #sumUp(
    trigger: Trigger,
    { before, instructions, signal }: {
      readonly before: number;
      readonly instructions: string | undefined;
      readonly signal: AbortSignal;
    },
  ): Promise<string> {
    const { session, window, make, emit } = this.#options;
    const { conversation, tasks, takenOut } = session;
    const split = this.#split(trigger);
    if (!split) return this.#tokens() < before ? "completed" : "skipped";
    const summary = await this.#summaryOf(split, { instructions, signal });
    const isRoomLeft = trigger !== "critical" && this.#tokens() <= window.budgetTokens;
    if (summary === undefined && isRoomLeft) return "failed";
    const text = summary ?? `(${split.old.length} messages were left out without a summary.)`;
    const message = summaryMessage(text, tasks, make);
    conversation.replace([...split.kept, message, ...split.recent]);
    session.takenOut = { ...takenOut, segments: takenOut.segments + split.old.length };
    if (summary === undefined) return "degraded_sections";
    const after = this.#tokens();
    await emit({
      type: "context_summarized",
      summary: [...summary].slice(0, 200).join(""),
      messages_summarized: split.old.length,
      tokens_saved: Math.max(0, before - after),
      usage_before_percent: percentOf(before, window.contextTokens),
      usage_after_percent: percentOf(after, window.contextTokens),
      trigger_type: trigger,
    });
    return "completed";
  }

  /** Asked for, or since the model found no room where we saw some: then at most half is kept. */
  #split(trigger: Trigger): Split | undefined {
    const { session: { conversation }, gauge, window } = this.#options;
    const fixed = gauge.toolTokens + gauge.tokensOf([conversation.system]);
    const most = trigger === "auto" ? Infinity : this.#tokens() / 2;
    const target = Math.min(window.targetTokens, most);
    return splitForSummary(conversation.messages, {
      targetTokens: Math.max(target - fixed, 0),
      tokensOf: (messages) => gauge.tokensOf(messages),
      least: manner(trigger).least,
    });
  }

  /** Undefined when the model gives none, which people are told. */
  async #summaryOf(
    { old }: Split,
    { instructions, signal }: {
      readonly instructions: string | undefined;
      readonly signal: AbortSignal;
    },
  ): Promise<string | undefined> {
    const { window, make, askAside, notify } = this.#options;
    const maxChars = window.budgetTokens * CHARACTERS_PER_TOKEN;
    const request = summaryRequest(old, { maxChars, instructions }, make);
    let why = "the model said nothing";
    try {
      const text = (await askAside(request, signal)).trim();
      if (text !== "") return text;
    } catch (thrown) {
      signal.throwIfAborted();
      if (thrown instanceof WorkerError && thrown.fault === "budget") throw thrown;
      why = messageOf(thrown);
    }
    const title = "The conversation could not be summed up";
    await notify({ category: "context", priority: "high", title, body: why });
    return undefined;
  }

  #tell(phase: Phase, status: string): Promise<void> {
    return this.#options.emit({ type: "context_compression_status", phase, status });
  }
}

function manner(trigger: Trigger): typeof EASY {
  return trigger === "critical" ? HARD : EASY;
}
