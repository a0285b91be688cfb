// The provider that plays a script: no key, no network, the same answer every time. One instance
// plays for one run; its n-th call gets the n-th turn.
import type { Clock } from "../base/clock.ts";
import type { Message } from "../core/message.ts";
import {
  type ModelEvent,
  type ModelRequest,
  type ModelUsage,
  type Provider,
  ProviderError,
  type ToolCallEvent,
} from "./provider.ts";
import type { Script, ScriptedCall, Turn } from "./script.ts";
import { oneLine, providerError } from "./server_error.ts";
import { usageOf } from "./token_counts.ts";

export type ScriptedOptions = {
  readonly script: Script;
  /** What `{workspace}` in arguments stands for. */
  readonly workspace?: string | undefined;
  readonly clock: Pick<Clock, "sleep">;
};

export function scriptedProvider({ script, workspace, clock }: ScriptedOptions): Provider {
  let played = 0;
  return {
    name: NAME,
    async *stream(request, signal) {
      signal.throwIfAborted();
      const place = played++;
      const turn = script.turns[place] ?? AFTER_THE_LAST;
      if (turn.delay_ms !== undefined) await clock.sleep(turn.delay_ms, signal);
      for (const event of eventsOf(turn, { place, request, workspace })) {
        signal.throwIfAborted();
        yield event;
      }
    },
  };
}

const NAME = "scripted";
const AFTER_THE_LAST: Turn = { text: "(the script has no more turns)" };

type Scene = {
  readonly place: number;
  readonly request: ModelRequest;
  readonly workspace: string | undefined;
};

function* eventsOf(turn: Turn, scene: Scene): Generator<ModelEvent> {
  checkExpectation(turn, scene);
  for (const delta of piecesOf(turn.reasoning)) yield { type: "reasoning", delta };
  for (const delta of piecesOf(turn.text)) yield { type: "text", delta };
  if (turn.error) throw failure(turn.error);
  const calls = (turn.tool_calls ?? []).map((call, index) => callEvent(call, { index, scene }));
  yield* calls;
  yield {
    type: "end",
    stop: turn.stop ?? (calls.length > 0 ? "tool_calls" : "done"),
    usage: toUsage(turn, { calls, request: scene.request }),
  };
}

function checkExpectation(turn: Turn, { place, request }: Scene): void {
  const shown = newestMessages(request.messages).map((message) => message.content).join("\n");
  const missing = listOf(turn.expect).find((words) => !shown.includes(words));
  if (missing === undefined) return;
  const got = `expected ${quoted(missing)} in the newest messages, got ${quoted(shown)}`;
  throw new ProviderError(`${NAME}: turns[${place}]: ${got}`, { failure: "invalid_request" });
}

/** Those after the model's last word. */
function newestMessages(messages: readonly Message[]): readonly Message[] {
  return messages.slice(messages.findLastIndex((message) => message.role === "assistant") + 1);
}

function quoted(text: string): string {
  return `"${oneLine(text.length > 200 ? `${text.slice(0, 200)}…` : text)}"`;
}

/** A text is cut into words; pieces are streamed as they stand. */
function piecesOf(text: string | readonly string[] | undefined): readonly string[] {
  const pieces = typeof text === "string" ? text.match(/\S+\s*|\s+/g) ?? [] : text ?? [];
  return pieces.map((piece) => piece.toWellFormed()).filter((piece) => piece !== "");
}

function listOf(text: string | readonly string[] | undefined): readonly string[] {
  return typeof text === "string" ? [text] : text ?? [];
}

function failure({ status, message }: NonNullable<Turn["error"]>): ProviderError {
  if (status !== undefined) return providerError(NAME, { status, body: { message } });
  const what = message === undefined ? "no connection" : oneLine(message);
  return new ProviderError(`${NAME}: ${what}`, { failure: "network" });
}

function callEvent(
  call: ScriptedCall,
  { index, scene }: { index: number; scene: Scene },
): ToolCallEvent {
  const written = placed(call.arguments ?? {}, scene.workspace);
  const text = typeof written === "string" ? written : JSON.stringify(written);
  return {
    type: "tool_call",
    id: call.id ?? `call_${scene.place + 1}_${index + 1}`,
    name: call.name.toWellFormed(),
    arguments: text.toWellFormed(),
  };
}

/** The same value with `{workspace}` filled in wherever it stands in a text. */
function placed(value: unknown, workspace: string | undefined): unknown {
  if (typeof value === "string") {
    return value.replaceAll("{workspace}", () => workspace ?? "{workspace}");
  }
  if (Array.isArray(value)) return value.map((item) => placed(item, workspace));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [key, placed(item, workspace)]),
  );
}

function toUsage(
  { usage, reasoning, text }: Turn,
  { calls, request }: { calls: readonly ToolCallEvent[]; request: ModelRequest },
): ModelUsage {
  const said = [...listOf(reasoning), ...listOf(text), ...calls.map((call) => call.arguments)];
  return usageOf({
    prompt: usage?.prompt_tokens ?? estimate(request.messages.map(written)),
    completion: usage?.completion_tokens ?? estimate(said),
    cachedPrompt: usage?.cached_prompt_tokens,
    reasoning: usage?.reasoning_tokens,
  });
}

function written(message: Message): string {
  const calls = message.tool_calls ?? [];
  return message.content + calls.map((call) => call.function.arguments).join("");
}

function estimate(texts: readonly string[]): number {
  return Math.ceil(texts.reduce((sum, text) => sum + text.length, 0) / CHARS_PER_TOKEN);
}

const CHARS_PER_TOKEN = 4;
