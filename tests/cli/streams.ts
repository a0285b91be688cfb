// Streams of frames for views, and what a view makes of one: both streams, and in which order.
import type { Output, RunAbout, View } from "../../src/cli/view.ts";
import type { AgentEvent } from "../../src/core/event.ts";
import type { ReceivedFrame } from "../../src/host/client.ts";
import type { ChildFrame, TerminalFrame } from "../../src/protocol/frames.ts";

export const ABOUT: RunAbout = {
  version: "0.1.0",
  agentId: "run-1",
  level: "kernel",
  model: "openai:m",
  workspace: "/w",
};

export type Shown = {
  readonly stdout: string;
  readonly stderr: string;
  /** As on a terminal that shows both. */
  readonly both: string;
};

/** Opens, takes each frame, closes after 1.25 s. */
export function show(view: View, frames: readonly ChildFrame[]): Shown {
  const outputs = [
    ...view.open(ABOUT),
    ...frames.flatMap((frame) => view.take(received(frame))),
    ...view.close(1.25),
  ];
  return {
    stdout: textOf(outputs, "stdout"),
    stderr: textOf(outputs, "stderr"),
    both: textOf(outputs),
  };
}

export function received(frame: ChildFrame): ReceivedFrame {
  return { frame, text: JSON.stringify(frame), isSynthetic: false };
}

export function events(...list: readonly AgentEvent[]): ChildFrame[] {
  return list.map((event) => ({ kind: "event", event }));
}

export function terminal(end: Omit<TerminalFrame, "kind">): ChildFrame {
  return { kind: "terminal", ...end };
}

export function token(content: string): AgentEvent {
  return { type: "token", content };
}

export function round(count: number): AgentEvent {
  return { type: "runner_progress", session_id: "s", round_count: count };
}

export function call(
  id: string,
  name: string,
  args: Readonly<Record<string, unknown>>,
): AgentEvent {
  return { type: "tool_start", tool_call_id: id, tool_name: name, arguments: args };
}

export function done(id: string, text: string, success = true): AgentEvent {
  const result = { success, result: text, display_preference: null };
  return { type: "tool_complete", tool_call_id: id, result };
}

export function failed(id: string, error: string): AgentEvent {
  return { type: "tool_error", tool_call_id: id, error };
}

export function complete(total: number): AgentEvent {
  const usage = { prompt_tokens: total - 1, completion_tokens: 1, total_tokens: total };
  return { type: "complete", usage };
}

function textOf(outputs: readonly Output[], to?: Output["to"]): string {
  return outputs.filter((output) => to === undefined || output.to === to)
    .map(({ text }) => text).join("");
}
