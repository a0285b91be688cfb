// Every provider reads what a mock server that is not ours was recorded to answer.
import { strict as assert } from "node:assert";
import { systemClock } from "../../src/base/clock.ts";
import { anthropicProvider } from "../../src/providers/anthropic.ts";
import { geminiProvider } from "../../src/providers/gemini.ts";
import type { RemoteOptions } from "../../src/providers/model_server.ts";
import { openAiProvider } from "../../src/providers/openai.ts";
import { type Provider, ProviderError } from "../../src/providers/provider.ts";
import { type Answer, caught, hear, heardIn, never, REQUEST } from "./contract.ts";
import { FAILURES, type Recorded, SIGNATURE, SPOKEN } from "./recorded_answers.ts";
import { cutsOf, readRecording, type Recording } from "./recording.ts";

type Member = {
  readonly make: (options: RemoteOptions) => Provider;
  readonly model: string;
  /** By the names of the recordings. */
  readonly carries: Readonly<Partial<Record<keyof typeof SPOKEN, unknown>>>;
};

/** Responses come with sealed reasoning, whether or not it was summed up. */
const sealed = (summary: readonly unknown[] = []) => ({
  type: "reasoning",
  id: "rs-0000000000000001",
  summary,
  encrypted_content: btoa("aimock-encrypted-reasoning:rs-0000000000000001"),
});
const called = (call_id: string) => ({ type: "function_call", call_id });

const members: Readonly<Record<Recorded, Member>> = {
  openai: { make: openAiProvider, model: "test-model", carries: {} },
  responses: {
    make: openAiProvider,
    model: "gpt-5-codex",
    carries: {
      text: { items: [sealed(), { type: "message", length: 32 }] },
      reasoning: {
        items: [
          sealed([{ type: "summary_text", text: "Zwei und zwei… 🤔" }]),
          { type: "message", length: 5 },
        ],
      },
      one_call: { items: [sealed(), called("call_A1")] },
      many_calls: {
        items: [
          sealed(),
          { type: "message", length: 7 },
          called("call_B1"),
          called("call_B2"),
          called("call_B3"),
        ],
      },
    },
  },
  anthropic: {
    make: anthropicProvider,
    model: "test-model",
    carries: {
      reasoning: {
        blocks: [
          { type: "thinking", thinking: "Zwei und zwei… 🤔", signature: SIGNATURE },
          { type: "text", length: 5 },
        ],
      },
    },
  },
  gemini: { make: geminiProvider, model: "test-model", carries: {} },
};
const protocols = ["openai", "responses", "anthropic", "gemini"] as const;
const names = ["text", "reasoning", "one_call", "many_calls"] as const;

for (const protocol of protocols) {
  const { carries, model } = members[protocol];
  for (const name of names) {
    const file = `${protocol}/recorded_${name}.txt`;
    Deno.test(`stream() hears what aimock was to say in ${file}, however it is cut`, async () => {
      const recording = await readRecording(file);
      const expected = { ...saidIn(SPOKEN[name]), carry: carries[name] };
      for (const [cut, pieces] of cutsOf(recording.body)) {
        const provider = replay(protocol, recording, pieces);
        const events = await Array.fromAsync(provider.stream({ ...REQUEST, model }, never()));
        const end = events.at(-1);
        const carry = end?.type === "end" ? end.carry : undefined;
        assert.deepEqual({ ...heardIn(events), carry }, expected, cut);
      }
    });
  }

  for (const { status, message, retryAfter, failure } of FAILURES[protocol]) {
    const file = `${protocol}/recorded_error_${status}.txt`;
    Deno.test(`stream() throws ${failure} for ${file}, however it is cut`, async () => {
      const recording = await readRecording(file);
      for (const [cut, pieces] of cutsOf(recording.body)) {
        const error = await caught(
          hear(replay(protocol, recording, pieces), { ...REQUEST, model }),
        );
        assert.ok(error instanceof ProviderError, `${error}`);
        const { failure: told, message: line, status: code, retryAfterMs } = error;
        assert.deepEqual({ told, line, code, retryAfterMs }, {
          told: failure,
          line: `mock: HTTP ${status}: ${message}`,
          code: status,
          retryAfterMs: retryAfter === undefined ? undefined : retryAfter * 1000,
        }, cut);
      }
    });
  }
}

function replay(
  protocol: Recorded,
  { status, headers }: Recording,
  pieces: readonly Uint8Array<ArrayBuffer>[],
): Provider {
  return members[protocol].make({
    name: "mock",
    clock: systemClock,
    baseUrl: "http://model.invalid/v1",
    fetch: () => Promise.resolve(new Response(ReadableStream.from(pieces), { status, headers })),
  });
}

function saidIn({ reasoning = "", text = [], calls = [], usage }: Answer) {
  return {
    reasoning,
    text: text.join(""),
    calls,
    stop: calls.length > 0 ? "tool_calls" : "done",
    usage: usage && {
      promptTokens: usage.prompt,
      completionTokens: usage.completion,
      totalTokens: usage.prompt + usage.completion,
    },
  };
}
