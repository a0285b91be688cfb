// What one session has going on beside its messages: tasks, what may be done, what it waits for.
import { acceptedAnswer, changeOf, type RunChange } from "../core/answer.ts";
import type { Question } from "../core/question.ts";
import type { TaskList } from "../core/task_list.ts";
import type { TokenUsage } from "../core/usage.ts";
import type { Policy, PolicySettings } from "../permissions/decide.ts";
import type { Mode } from "../permissions/mode.ts";
import { type Grant, grantOf } from "../permissions/rules.ts";
import type { TakenOut } from "./context_window.ts";
import type { Conversation } from "./conversation.ts";
import { fitting, type GuidanceFile, guidanceMessage } from "./guidance.ts";
import type { MessageMaker } from "./history.ts";
import type { ModelLimits } from "./model_limits.ts";
import { NO_USAGE } from "./turn.ts";

/** A call that waits for the answer to its question. */
export type Waiting = {
  readonly callId: string;
  readonly tool: string;
  readonly question: Question;
};

/** A tenth of the context, at four characters a token. */
const GUIDANCE_CHARS_PER_TOKEN = 0.4;

export type SessionOptions = {
  readonly id: string;
  readonly conversation: Conversation;
  readonly settings: PolicySettings;
};

export class Session {
  readonly id: string;
  readonly conversation: Conversation;
  tasks: TaskList | undefined;
  /** Of all its runs. */
  usage: TokenUsage = NO_USAGE;
  counts = { rounds: 0, toolCalls: 0 };
  takenOut: TakenOut = { segments: 0, shortenedOutputs: 0, shortenedTokens: 0 };
  /** Characters of instruction files that the model was told. */
  #guidanceChars = 0;
  #kept: string[] = [];
  #settings: PolicySettings;
  #grants: readonly Grant[] = [];
  #waiting: Waiting | undefined;

  constructor({ id, conversation, settings }: SessionOptions) {
    this.id = id;
    this.conversation = conversation;
    this.#settings = settings;
  }

  get policy(): Policy {
    return { ...this.#settings, rules: { listed: [], ask: [] }, grants: this.#grants };
  }

  /** Undefined while nothing is asked. */
  get waiting(): Waiting | undefined {
    return this.#waiting;
  }

  /** Tells the model of instruction files, as far as there is room for them in its context. */
  tell(files: readonly GuidanceFile[], limits: ModelLimits, make: MessageMaker): void {
    const room = limits.contextTokens * GUIDANCE_CHARS_PER_TOKEN - this.#guidanceChars;
    const told = fitting(files, room);
    this.#guidanceChars += told.reduce((sum, { text }) => sum + text.length, 0);
    this.conversation.append(...told.map((file) => guidanceMessage(file, make)));
  }

  /** Keeps texts that steer until the next run of the session begins. */
  keep(...texts: readonly string[]): void {
    this.#kept.push(...texts);
  }

  /** Takes out what was kept, in order. */
  takeKept(): readonly string[] {
    return this.#kept.splice(0);
  }

  wait(waiting: Waiting): void {
    this.#waiting = waiting;
  }

  /**
   * Takes the answer to what the session waits for, and what it changes. Undefined when it is none
   * of the answers that count: the session goes on waiting.
   */
  answer(text: string, nowMs: number): RunChange | undefined {
    if (!this.#waiting) return { type: "nothing" };
    const { callId, question } = this.#waiting;
    const accepted = acceptedAnswer(question, text);
    if (accepted.type === "not_an_option") return undefined;
    const content = `Selected response: ${accepted.answer}`;
    this.conversation.answerCall(callId, { content, tool_success: true });
    this.#waiting = undefined;
    const change = changeOf(question, accepted.answer);
    if (change.type === "plan_approved") this.#setMode(change.mode);
    if (change.type === "permissions_granted") {
      this.#grants = [
        ...this.#grants,
        ...change.wanted.map(({ permission, resource }) =>
          grantOf(permission, resource, { nowMs })
        ),
      ];
    }
    return change;
  }

  #setMode(mode: Mode): void {
    this.#settings = { ...this.#settings, mode };
  }
}
