// The conversation a run starts from, made of what the host shipped.
import type { Message } from "../core/message.ts";

export type History = {
  /** The host's own system message, if it sent one. */
  readonly system: string | undefined;
  readonly messages: readonly Message[];
};

export type MessageMaker = {
  readonly newId: () => string;
  /** RFC 3339, UTC. */
  readonly timestamp: () => string;
};

/**
 * Without history the assignment is the user message. With history it is appended only when no
 * user message is in there: a host puts the new turn into the history (wire: a run, history).
 */
export function startHistory(
  assignment: string,
  shipped: readonly Message[],
  make: MessageMaker,
): History {
  const system = shipped.filter(({ role }) => role === "system").map(({ content }) => content);
  const messages = answerOpenCalls(shipped.filter(({ role }) => role !== "system"), make);
  const hasTurn = messages.some(({ role }) => role === "user");
  return {
    system: system.length > 0 ? system.join("\n\n") : undefined,
    messages: hasTurn ? messages : [...messages, userMessage(assignment, make)],
  };
}

export function userMessage(content: string, make: MessageMaker): Message {
  return { id: make.newId(), role: "user", content, created_at: make.timestamp() };
}

/** Every tool call gets a tool message: providers refuse a history in which one is missing. */
function answerOpenCalls(messages: readonly Message[], make: MessageMaker): Message[] {
  const answered = new Set(messages.map(({ tool_call_id }) => tool_call_id));
  return messages.flatMap((message) => {
    const open = (message.tool_calls ?? []).filter(({ id }) => !answered.has(id));
    return [message, ...open.map(({ id }) => unrunMessage(id, "the call was not run", make))];
  });
}

/** The tool message of a call that never ran, so that the history stays whole. */
export function unrunMessage(callId: string, why: string, make: MessageMaker): Message {
  return {
    id: make.newId(),
    role: "tool",
    content: `Error: ${why}`,
    tool_call_id: callId,
    tool_success: false,
    created_at: make.timestamp(),
  };
}
