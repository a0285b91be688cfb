// A run of the loop on a scripted model, and everything it said.
import { strict as assert } from "node:assert";
import { Conversation } from "../../src/agent/conversation.ts";
import { type LoopDeps, type LoopInput, runLoop } from "../../src/agent/loop.ts";
import { Session } from "../../src/agent/session.ts";
import { SteeringQueue } from "../../src/agent/steering.ts";
import { systemClock } from "../../src/base/clock.ts";
import type { AgentEvent } from "../../src/core/event.ts";
import type { Message } from "../../src/core/message.ts";
import type { Outcome } from "../../src/core/outcome.ts";
import type { Policy } from "../../src/permissions/decide.ts";
import { parseScript } from "../../src/providers/script.ts";
import { scriptedProvider } from "../../src/providers/scripted.ts";
import { NO_WEB } from "./desk.ts";
import { policyWith } from "./policy.ts";

const AT = "2026-06-18T09:30:00Z";
const SYSTEM: Message = { id: "s", role: "system", content: "be good", created_at: AT };
const USER: Message = { id: "u", role: "user", content: "go", created_at: AT };
const NEVER = new AbortController().signal;

export type RunSetup = Partial<LoopDeps> & {
  readonly turns?: readonly unknown[];
  readonly onEvent?: (event: AgentEvent) => void;
  readonly messages?: readonly Message[];
  readonly policy?: Policy;
  readonly input?: Partial<LoopInput>;
};

export type LoopRun = {
  readonly events: readonly AgentEvent[];
  readonly session: Session;
  /** Runs, or goes on. */
  run(signal?: AbortSignal): Promise<Outcome>;
};

export function loopRun(setup: RunSetup): LoopRun {
  const { turns = [], onEvent, messages = [USER], policy, input, ...changes } = setup;
  const events: AgentEvent[] = [];
  let ids = 0;
  const session = new Session({
    id: "c-run-1",
    conversation: new Conversation(SYSTEM, messages),
    settings: policy ?? policyWith({ enforced: false }),
  });
  const deps: LoopDeps = {
    provider: scriptedProvider({
      clock: systemClock,
      script: parseScript({ turns }),
      workspace: "/w",
    }),
    steering: new SteeringQueue(),
    clock: systemClock,
    make: { newId: () => `id-${++ids}`, timestamp: () => AT },
    emit(event) {
      events.push(event);
      onEvent?.(event);
      return Promise.resolve();
    },
    perform: () => Promise.resolve({ success: true, result: "text", display_preference: null }),
    guide: () => Promise.resolve([]),
    approve: () => Promise.resolve("allowed"),
    analyse: () => assert.fail("nothing to analyse"),
    web: NO_WEB,
    notesFolder: "/nowhere/notes",
    disabledTools: [],
    refusedTools: new Map(),
    ...changes,
  };
  const all: LoopInput = {
    session,
    origin: { protocol: "scripted", model: "m" },
    limits: { contextTokens: 128_000, outputTokens: 8_192 },
    tools: [],
    maxRounds: 10,
    answersPauses: false,
    ...input,
  };
  return { events, session, run: (signal = NEVER) => runLoop(all, deps, signal) };
}

/** Names of events; a row of tokens counts once. */
export function kinds(events: readonly AgentEvent[]): string[] {
  const names = events.map((event) =>
    event.type === "tool_lifecycle" ? `${event.type} ${event.phase}` : event.type
  );
  return names.filter((name, index) => name !== "token" || names[index - 1] !== "token");
}
