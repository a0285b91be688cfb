// What every provider must do, by concern. A member's test file says how its model is made to speak.
// What a provider over HTTP must do with bytes and connections: wire_contract.ts.
import { strict as assert } from "node:assert";
import type {
  ModelEvent,
  ModelRequest,
  ModelUsage,
  Provider,
  StopReason,
} from "../../src/providers/provider.ts";
import { ProviderError, type ProviderFailure } from "../../src/providers/provider.ts";

/** What the model is to say, or how its server is to fail. */
export type Answer = {
  readonly reasoning?: string;
  readonly text?: readonly string[];
  readonly calls?: readonly { id: string; name: string; arguments: string }[];
  readonly usage?: { readonly prompt: number; readonly completion: number };
  readonly failure?: { readonly status: number; readonly message: string };
};

export type Member = {
  readonly name: string;
  /** A provider whose next call is answered so. */
  serve(answer: Answer): Promise<AsyncDisposable & { readonly provider: Provider }>;
};

export function testProvider({ name, serve }: Member): void {
  for (const [concern, { answer, said }] of Object.entries(ANSWERS)) {
    Deno.test(`${name}: stream() tells ${concern}`, async () => {
      await using served = await serve(answer);
      const { usage: _, ...heard } = await hear(served.provider);
      assert.deepEqual(heard, said);
    });
  }

  Deno.test(`${name}: stream() tells the usage`, async () => {
    await using served = await serve({ text: ["Hi"], usage: { prompt: 11, completion: 7 } });
    const { usage } = await hear(served.provider);
    const expected = { promptTokens: 11, completionTokens: 7, totalTokens: 18 };
    assert.deepEqual(usage, expected);
  });

  Deno.test(`${name}: stream() tells an answer in more than one piece`, async () => {
    await using served = await serve({ text: ["one ", "two ", "three"] });
    const events = await Array.fromAsync(served.provider.stream(REQUEST, never()));
    assert.ok(events.filter((event) => event.type === "text").length > 1);
  });

  Deno.test(`${name}: stream() throws the abort reason when aborted before`, async () => {
    await using served = await serve({ text: ["Hi"] });
    const stream = served.provider.stream(REQUEST, AbortSignal.abort(new Error("stop")));
    await assert.rejects(Array.fromAsync(stream), { name: "Error", message: "stop" });
  });

  Deno.test(`${name}: stream() throws the abort reason when aborted midway`, async () => {
    await using served = await serve({ text: ["one ", "two ", "three"] });
    const controller = new AbortController();
    const heard: ModelEvent[] = [];
    const listen = async () => {
      for await (const event of served.provider.stream(REQUEST, controller.signal)) {
        heard.push(event);
        controller.abort(new Error("stop"));
      }
    };
    await assert.rejects(listen(), { name: "Error", message: "stop" });
    assert.equal(heard.length, 1);
  });

  Deno.test(`${name}: stream() ends without an error when its reader stops`, async () => {
    await using served = await serve({ text: ["one ", "two ", "three"] });
    for await (const event of served.provider.stream(REQUEST, never())) {
      assert.equal(event.type, "text");
      break;
    }
  });

  for (const [status, failure] of FAILURES) {
    Deno.test(`${name}: stream() throws ${failure} when the server says ${status}`, async () => {
      await using served = await serve({ failure: { status, message: "no, not now" } });
      const { provider } = served;
      const error = await caught(Array.fromAsync(provider.stream(REQUEST, never())));
      assert.ok(error instanceof ProviderError);
      assert.deepEqual(
        { message: error.message, failure: error.failure, status: error.status },
        { message: `${provider.name}: HTTP ${status}: no, not now`, failure, status },
      );
    });
  }
}

export const READ = { id: "c-1", name: "Read", arguments: '{"file_path":"/a.txt"}' };
export const GLOB = { id: "c-2", name: "Glob", arguments: '{"pattern":"*","path":"/ü😀"}' };

const ANSWERS: Readonly<Record<string, { answer: Answer; said: Omit<Heard, "usage"> }>> = {
  "a text": {
    answer: { text: ["Two ", "lines.\n", "Done."] },
    said: { reasoning: "", text: "Two lines.\nDone.", calls: [], stop: "done" },
  },
  "a text beyond ASCII": {
    answer: { text: ["Grüße ", "😀👩‍👩‍👧 ", "日本語"] },
    said: { reasoning: "", text: "Grüße 😀👩‍👩‍👧 日本語", calls: [], stop: "done" },
  },
  "reasoning before its text": {
    answer: { reasoning: "Let me think.", text: ["Yes."] },
    said: { reasoning: "Let me think.", text: "Yes.", calls: [], stop: "done" },
  },
  "one tool call": {
    answer: { calls: [READ] },
    said: { reasoning: "", text: "", calls: [READ], stop: "tool_calls" },
  },
  "many tool calls in their order after a text": {
    answer: { text: ["I look."], calls: [READ, GLOB] },
    said: { reasoning: "", text: "I look.", calls: [READ, GLOB], stop: "tool_calls" },
  },
  "arguments that are no JSON": {
    answer: { calls: [{ ...READ, arguments: '{"file_path": ' }] },
    said: {
      reasoning: "",
      text: "",
      calls: [{ ...READ, arguments: '{"file_path": ' }],
      stop: "tool_calls",
    },
  },
  "an empty answer": {
    answer: { text: [] },
    said: { reasoning: "", text: "", calls: [], stop: "done" },
  },
};

const FAILURES: readonly (readonly [number, ProviderFailure])[] = [
  [400, "invalid_request"],
  [401, "auth"],
  [403, "auth"],
  [404, "invalid_request"],
  [408, "overloaded"],
  [413, "context_overflow"],
  [422, "invalid_request"],
  [429, "rate_limit"],
  [500, "overloaded"],
  [502, "overloaded"],
  [503, "overloaded"],
  [529, "overloaded"],
];

export const REQUEST: ModelRequest = {
  model: "test-model",
  messages: [{
    id: "m-1",
    role: "user",
    content: "hello",
    created_at: "2026-06-18T09:30:00Z",
  }],
  tools: [],
  maxOutputTokens: 100,
};

export type Heard = {
  readonly reasoning: string;
  readonly text: string;
  readonly calls: readonly { id: string; name: string; arguments: string }[];
  readonly stop: StopReason;
  readonly usage: ModelUsage | undefined;
};

/** All a provider says to one request. Fails unless it ends once, at its end. */
export async function hear(provider: Provider, request: ModelRequest = REQUEST): Promise<Heard> {
  return heardIn(await Array.fromAsync(provider.stream(request, never())));
}

export function heardIn(events: readonly ModelEvent[]): Heard {
  const end = events.at(-1);
  assert.ok(end?.type === "end", "the last event is the end");
  assert.equal(events.filter((event) => event.type === "end").length, 1);
  const joined = (type: "text" | "reasoning") =>
    events.map((event) => event.type === type ? event.delta : "").join("");
  return {
    reasoning: joined("reasoning"),
    text: joined("text"),
    calls: events.flatMap((event) => {
      if (event.type !== "tool_call") return [];
      return [{ id: event.id, name: event.name, arguments: event.arguments }];
    }),
    stop: end.stop,
    usage: end.usage,
  };
}

/** What `promise` rejects with. */
export async function caught(promise: Promise<unknown>): Promise<unknown> {
  try {
    await promise;
  } catch (thrown) {
    return thrown;
  }
  assert.fail("expected it to fail");
}

export function never(): AbortSignal {
  return new AbortController().signal;
}
