// A started agent: its provider and its ports, and one run of the loop over them.
import { Conversation } from "../agent/conversation.ts";
import { startHistory } from "../agent/history.ts";
import { type LoopDeps, type LoopInput, runLoop } from "../agent/loop.ts";
import { type ModelLimits, modelLimits, scriptLimits } from "../agent/model_limits.ts";
import { notificationEvent } from "../agent/notify.ts";
import { systemPrompt } from "../agent/prompt.ts";
import { Session } from "../agent/session.ts";
import { skillsBlock, workspaceSkillsMessage } from "../agent/skills.ts";
import type { SteeringQueue } from "../agent/steering.ts";
import type { Perform } from "../agent/tool_call.ts";
import { systemClock } from "../base/clock.ts";
import type { Message } from "../core/message.ts";
import type { Question } from "../core/question.ts";
import type { Outcome } from "../core/outcome.ts";
import { formatTimestamp } from "../core/timestamp.ts";
import { decodeMessage } from "../core/message.ts";
import type { ShellParser } from "../permissions/shell_parser.ts";
import { refusedSkillTools } from "../grants/refused_tools.ts";
import { notUnderstood, type ShellVerdict } from "../permissions/shell_verdict.ts";
import { createProvider } from "../providers/create.ts";
import type { Provider } from "../providers/provider.ts";
import { parseScript } from "../providers/script.ts";
import type { SkillListing } from "../skills/skill_shelf.ts";
import { quoted } from "../tools/path_text.ts";
import { toolSchemas } from "../tools/schemas.ts";
import type { Web } from "../tools/web.ts";
import { Port } from "./port.ts";
import { agentControl, type AgentPart, type RunPart, wardenForAgent } from "./agent_port.ts";
import { silent } from "./common_port.ts";
import { gatewayForAgent } from "./gateway_port.ts";
import { gatewayWeb } from "./gateway_web.ts";
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

/** A session and the provider that it talks to. */
type Talk = {
  readonly session: Session;
  readonly provider: Provider;
  readonly reasoningEffort: string | undefined;
  /** Why each cannot be had in this session, by the tool's name. */
  readonly refusedTools: Readonly<Record<string, string>>;
};

const NO_SKILLS: SkillListing = { skills: [], warnings: [] };

export class Mind {
  readonly #part: AgentPart;
  readonly #warden: Port<typeof agentControl, typeof wardenForAgent>;
  readonly #hands: Port<typeof agentForHands, typeof handsForAgent>;
  readonly #outputs = new Map<number, (text: string) => Promise<void>>();
  readonly #newProvider: () => Promise<Provider>;
  readonly #web: Web;
  #shell: Promise<ShellParser> | undefined;
  readonly #limits: ModelLimits;
  #suspended: Talk | undefined;
  #lastRun: number | undefined;
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
    this.#web = gatewayWeb(gateway);
    const { protocol, name, model, script } = part.provider;
    this.#limits = protocol === "scripted"
      ? scriptLimits(part.modelLimits)
      : modelLimits(model, part.modelLimits);
    const options = {
      name,
      baseUrl: routeAddress("provider"),
      fetch: routeFetch(gateway),
      clock: systemClock,
      script: script === undefined ? undefined : parseScript(script),
      workspace: part.roots.workspace,
    };
    // A script begins anew with each session; all else may remember what it learnt of its server.
    let kept: Promise<Provider> | undefined;
    this.#newProvider = () =>
      protocol === "scripted"
        ? createProvider(protocol, options)
        : kept ??= createProvider(protocol, options);
  }

  async run(run: RunPart, steering: SteeringQueue, signal: AbortSignal): Promise<Outcome> {
    this.#lastRun = run.runId;
    const talk = await this.#talkOf(run, signal);
    const { waiting } = talk.session;
    if (waiting) return { status: "suspended", result: unanswered(waiting.question) };
    const outcome = await runLoop(this.#input(talk), this.#deps(talk, run, steering), signal);
    // Nobody waits for a run that another one has taken the place of.
    const isLast = this.#lastRun === run.runId;
    if (outcome.status === "suspended" && isLast) this.#suspended = talk;
    else await this.#forget(talk);
    return outcome;
  }

  /** A text that came when its run had ended already. */
  steerLate(runId: number, text: string): void {
    if (runId === this.#lastRun) this.#suspended?.session.keep(text);
  }

  /** Nobody will answer what is suspended. */
  drop(): void {
    const suspended = this.#suspended;
    this.#suspended = undefined;
    if (suspended) this.#forget(suspended).catch(() => {/* hands is gone, and all it held */});
  }

  /** What was suspended, if this answers it; else a new one, and what was suspended is dropped. */
  async #talkOf(run: RunPart, signal: AbortSignal): Promise<Talk> {
    const suspended = this.#suspended;
    if (suspended && run.isAnswer) {
      const change = suspended.session.answer(run.assignment, systemClock.now());
      if (change) this.#suspended = undefined;
      if (change?.type === "plan_approved") await this.#tellPlanEnd(run, suspended, change.mode);
      return suspended;
    }
    this.#suspended = undefined;
    if (suspended) await this.#forget(suspended);
    const provider = await this.#newProvider();
    const sessionId = `${this.#part.sessionPrefix}-run-${make.newId()}`;
    try {
      const listing = await this.#lookForSkills(run, sessionId, signal);
      const session = await this.#newSession(run, { sessionId, listing, signal });
      const refusedTools = this.#refusedTools(listing);
      return { session, provider, reasoningEffort: run.reasoningEffort, refusedTools };
    } catch (thrown) {
      await this.#forget({ session: { id: sessionId } });
      throw thrown;
    }
  }

  async #newSession(
    run: RunPart,
    { sessionId, listing: { skills }, signal }: {
      readonly sessionId: string;
      readonly listing: SkillListing;
      readonly signal: AbortSignal;
    },
  ): Promise<Session> {
    const { policy, roots: { workspace } } = this.#part;
    const { system, messages } = this.#history(run, skillsBlock(skills, this.#limits));
    const conversation = new Conversation(system, []);
    const session = new Session({ id: sessionId, conversation, settings: policy });
    const asked = { sessionId, paths: [workspace] };
    session.tell(await this.#hands.call("guide", asked, { signal }), this.#limits, make);
    const found = workspaceSkillsMessage(skills, this.#limits, make);
    conversation.append(...found ? [found] : [], ...messages);
    return session;
  }

  /** Tells of those that are broken. */
  async #lookForSkills(
    { runId }: RunPart,
    sessionId: string,
    signal: AbortSignal,
  ): Promise<SkillListing> {
    if (!this.#part.mayHaveSkills) return NO_SKILLS;
    const listing = await this.#hands.call("skills", { sessionId }, { signal });
    for (const { path, why } of listing.warnings) {
      const note = { title: "A skill was left out", body: `${quoted(path)}: ${why}` };
      const about = { category: "skills", priority: "normal" } as const;
      const event = notificationEvent({ ...about, ...note }, sessionId, make);
      await this.#warden.notify("event", { runId, event });
    }
    return listing;
  }

  #refusedTools({ skills }: SkillListing): Talk["refusedTools"] {
    const { refusedTools, mayHaveSkills } = this.#part;
    if (skills.length > 0 || !mayHaveSkills) return refusedTools;
    return { ...refusedTools, ...refusedSkillTools("no skill was found that counts") };
  }

  #input({ session, reasoningEffort, refusedTools }: Talk): LoopInput {
    const { provider, disabledTools, maxRounds, runTimeoutMs } = this.#part;
    const { protocol, model } = provider;
    return {
      session,
      origin: { protocol, model },
      limits: this.#limits,
      tools: toolSchemas([...disabledTools, ...Object.keys(refusedTools)]),
      reasoningEffort,
      maxRounds,
      runTimeoutMs,
      answersPauses: this.#part.answersPauses,
    };
  }

  #deps(
    { session: { id }, provider, refusedTools }: Talk,
    { runId }: RunPart,
    steering: SteeringQueue,
  ): LoopDeps {
    const { disabledTools, storageDir } = this.#part;
    return {
      provider,
      steering,
      clock: systemClock,
      make,
      web: this.#web,
      notesFolder: `${storageDir}/memory/v1/sessions/${id}/notes`,
      emit: (event) => this.#warden.notify("event", { runId, event }),
      approve: (request, signal) => this.#warden.call("approve", { runId, ...request }, { signal }),
      perform: this.#performFor(id),
      guide: (paths) =>
        this.#hands.call("guide", { sessionId: id, paths: [...paths] }, { signal: NEVER }),
      analyse: (command) => this.#analyse(command),
      disabledTools,
      refusedTools: new Map(Object.entries(refusedTools)),
    };
  }

  async #tellPlanEnd({ runId }: RunPart, { session: { id } }: Talk, mode: string): Promise<void> {
    const event = {
      type: "plan_mode_exited",
      session_id: id,
      approved: true,
      restored_mode: mode,
    } as const;
    await this.#warden.notify("event", { runId, event });
  }

  /** Ends what its commands left running. */
  async #forget({ session: { id } }: { session: Pick<Session, "id"> }): Promise<void> {
    await this.#hands.call("forget", { sessionId: id }, { signal: NEVER });
  }

  /** Loaded at the first command that somebody may be asked about. */
  async #analyse(command: string): Promise<ShellVerdict> {
    const { shell } = this.#part;
    if (!shell) return notUnderstood(command, "there is no analyser here");
    const parser = await (this.#shell ??= loadShell(shell));
    return parser.analyse(command);
  }

  #history(
    { assignment, messages }: RunPart,
    skills: string | undefined,
  ): { system: Message; messages: readonly Message[] } {
    const shipped = messages.map(decodeMessage).filter((message) => message !== undefined);
    const history = startHistory(assignment, shipped, make);
    const { roots, os, policy: { mode } } = this.#part;
    const today = make.timestamp().slice(0, 10);
    const isPlanning = mode === "plan";
    const facts = { ...roots, os, today, isPlanning, skills, shipped: history.system };
    const content = systemPrompt(facts);
    const id = make.newId();
    const created_at = make.timestamp();
    return { system: { id, role: "system", content, created_at }, messages: history.messages };
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

/** What a host is told whose answer is none that counts. */
function unanswered({ question, options }: Question): string {
  return `${question} (expected one of: ${options.join(", ")})`;
}
