// The messages of one session as the model sees them: whole, in order, every call answered.
import type { Message } from "../core/message.ts";
import { isObject } from "../core/schema.ts";
import type { ToolCall } from "../core/tool_call.ts";

export class Conversation {
  readonly system: Message;
  #messages: Message[];
  readonly #callIds = new Set<string>();

  /** `messages` without the system message. */
  constructor(system: Message, messages: readonly Message[]) {
    this.system = system;
    this.#messages = [...messages];
    for (const { tool_calls = [] } of messages) {
      for (const { id } of tool_calls) this.#callIds.add(id);
    }
  }

  /** System message first: what a model is asked with. */
  get prompt(): readonly Message[] {
    return [this.system, ...this.#messages];
  }

  /** Without the system message. */
  get messages(): readonly Message[] {
    return this.#messages;
  }

  append(...messages: readonly Message[]): void {
    this.#messages.push(...messages);
  }

  /** By a shorter form of the same conversation. */
  replace(messages: readonly Message[]): void {
    this.#messages = [...messages];
  }

  /** Sets what answers the call, instead of the text that stood for the answer until now. */
  answerCall(callId: string, answer: Pick<Message, "content" | "tool_success">): void {
    this.#messages = this.#messages.map((message) =>
      message.role === "tool" && message.tool_call_id === callId
        ? { ...message, ...answer }
        : message
    );
  }

  /** Calls under ids that no earlier one has: some servers count anew in each answer. */
  withOwnIds(calls: readonly ToolCall[], newId: () => string): ToolCall[] {
    return calls.map((call) => {
      const id = this.#callIds.has(call.id) ? `call_${newId()}` : call.id;
      this.#callIds.add(id);
      return { ...call, id };
    });
  }
}

/** Whether a message stands for others that were taken out. */
export function isSummary({ metadata }: Message): boolean {
  return isObject(metadata) && metadata["summary"] === true;
}

/** Whether a message is the loop's own word in the user's place. */
export function isHidden({ metadata }: Message): boolean {
  return isObject(metadata) && metadata["hidden_from_ui"] === true;
}
