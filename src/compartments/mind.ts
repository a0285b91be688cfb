// A started agent: its provider and its ports, and one run of the loop over them.
import { startHistory } from "../agent/history.ts";
import { runLoop } from "../agent/loop.ts";
import { systemPrompt } from "../agent/prompt.ts";
import type { SteeringQueue } from "../agent/steering.ts";
import type { Perform } from "../agent/tool_call.ts";
import { systemClock } from "../base/clock.ts";
import type { Message } from "../core/message.ts";
import type { Outcome } from "../core/outcome.ts";
import { formatTimestamp } from "../core/timestamp.ts";
import { decodeMessage } from "../core/message.ts";
import type { ShellParser } from "../permissions/shell_parser.ts";
import { notUnderstood, type ShellVerdict } from "../permissions/shell_verdict.ts";
import { createProvider } from "../providers/create.ts";
import type { Provider } from "../providers/provider.ts";
import { parseScript } from "../providers/script.ts";
import { toolSchemas } from "../tools/schemas.ts";
import { Port } from "./port.ts";
import { agentControl, type AgentPart, type RunPart, wardenForAgent } from "./agent_port.ts";
import { silent } from "./common_port.ts";
import { gatewayForAgent } from "./gateway_port.ts";
import { agentForHands, handsForAgent } from "./hands_port.ts";
import { routeAddress, routeFetch } from "./route_fetch.ts";

/** Hands always answers, or the process ends. */
const NEVER = new AbortController().signal;

const make = {
  newId: () => crypto.randomUUID(),
  timestamp: () => formatTimestamp(systemClock.now()),
};

export type MindOptions = {
  readonly warden: Port<typeof agentControl, typeof wardenForAgent>;
  /** Told when a port was violated: the process ends. */
  readonly fail: (reason: Error) => void;
};

export class Mind {
  readonly #part: AgentPart;
  readonly #warden: Port<typeof agentControl, typeof wardenForAgent>;
  readonly #hands: Port<typeof agentForHands, typeof handsForAgent>;
  readonly #outputs = new Map<number, (text: string) => Promise<void>>();
  readonly #newProvider: () => Promise<Provider>;
  #shell: Promise<ShellParser> | undefined;
  #lastCall = 0;

  constructor(part: AgentPart, { warden, fail }: MindOptions) {
    this.#part = part;
    this.#warden = warden;
    this.#hands = new Port(part.hands, {
      local: agentForHands,
      remote: handsForAgent,
      onViolation: fail,
      handlers: {
        calls: {},
        notices: { output: ({ callId, text }) => this.#outputs.get(callId)?.(text) },
      },
    });
    const gateway = new Port(part.gateway, {
      local: silent,
      remote: gatewayForAgent,
      onViolation: fail,
      handlers: { calls: {}, notices: {} },
    });
    const { protocol, name, script } = part.provider;
    const options = {
      name,
      baseUrl: routeAddress("provider"),
      fetch: routeFetch(gateway),
      clock: systemClock,
      script: script === undefined ? undefined : parseScript(script),
      workspace: part.roots.workspace,
    };
    this.#newProvider = () => createProvider(protocol, options);
  }

  async run(run: RunPart, steering: SteeringQueue, signal: AbortSignal): Promise<Outcome> {
    const { provider, disabledTools, policy, maxRounds, runTimeoutMs } = this.#part;
    const refusedTools = new Map(Object.entries(this.#part.refusedTools));
    const sessionId = `${this.#part.sessionPrefix}-run-${make.newId()}`;
    try {
      return await runLoop({
        sessionId,
        model: provider.model,
        messages: this.#messages(run),
        tools: toolSchemas([...disabledTools, ...refusedTools.keys()]),
        reasoningEffort: run.reasoningEffort,
        maxRounds,
        runTimeoutMs,
      }, {
        provider: await this.#newProvider(),
        steering,
        clock: systemClock,
        make,
        emit: (event) => this.#warden.notify("event", { runId: run.runId, event }),
        approve: (request, signal) =>
          this.#warden.call("approve", { runId: run.runId, ...request }, { signal }),
        perform: this.#performFor(sessionId),
        analyse: (command) => this.#analyse(command),
        policy: { ...policy, rules: { listed: [], ask: [] }, grants: [] },
        disabledTools,
        refusedTools,
      }, signal);
    } finally {
      await this.#hands.call("forget", { sessionId }, { signal: NEVER });
    }
  }

  /** Loaded at the first command that somebody may be asked about. */
  async #analyse(command: string): Promise<ShellVerdict> {
    const { shell } = this.#part;
    if (!shell) return notUnderstood(command, "there is no analyser here");
    const parser = await (this.#shell ??= loadShell(shell));
    return parser.analyse(command);
  }

  #messages({ assignment, messages }: RunPart): Message[] {
    const shipped = messages.map(decodeMessage).filter((message) => message !== undefined);
    const history = startHistory(assignment, shipped, make);
    const { roots, os } = this.#part;
    const today = make.timestamp().slice(0, 10);
    const content = systemPrompt({ ...roots, os, today, shipped: history.system });
    const system: Message = {
      id: make.newId(),
      role: "system",
      content,
      created_at: make.timestamp(),
    };
    return [system, ...history.messages];
  }

  #performFor(sessionId: string): Perform {
    return async ({ tool, arguments: args, onOutput }, signal) => {
      const callId = ++this.#lastCall;
      this.#outputs.set(callId, onOutput);
      try {
        const request = { callId, sessionId, tool, arguments: { ...args } };
        return await this.#hands.call("perform", request, { signal });
      } finally {
        this.#outputs.delete(callId);
      }
    };
  }
}

async function loadShell(bytes: NonNullable<AgentPart["shell"]>): Promise<ShellParser> {
  const { ShellParser } = await import("../permissions/shell_parser.ts");
  return await ShellParser.load(bytes, { clock: systemClock });
}
