// One run of a worker under attack: each result of a tool is put to its case, and a case that is
// over is looked at. Ends with the run, or with the worker.
import { every, systemClock } from "../base/clock.ts";
import { agentEventSchema } from "../core/event.ts";
import { RunClient } from "../host/client.ts";
import type { FrameLink } from "../links/frame_link.ts";
import type { AttackCase, Observation, Output } from "./attack_case.ts";
import { beatIn, isBeating } from "./beats.ts";
import type { Ground } from "./ground.ts";
import { printedBy } from "./printed.ts";
import type { AttackEnd, Broken, Planned } from "./worker_attack.ts";

/** A call that takes longer holds the worker up for good. */
const SILENCE_MS = 20_000;
const LOOK_MS = 50;

export type SiegeOptions = {
  readonly ground: Ground;
  readonly plan: readonly Planned[];
  readonly onSeen: (one: AttackCase, seen: Observation) => void;
  /** Ends the worker on the spot. */
  readonly kill: () => void;
};

export class Siege {
  readonly #options: SiegeOptions;
  readonly #outputs = new Map<AttackCase, Output[]>();
  readonly #looks: Promise<void>[] = [];
  #made = 0;
  #lastAt = systemClock.monotonic();
  readonly #broken: Broken[] = [];
  #silence: string | undefined;

  constructor(options: SiegeOptions) {
    this.#options = options;
  }

  async lay(link: FrameLink): Promise<Omit<AttackEnd, "level">> {
    using _watch = every(LOOK_MS, () => this.#watch());
    const client = new RunClient(link);
    let error: string | undefined;
    for await (const { frame } of client.run({ assignment: "attack", messages: [] })) {
      // Whoever asks is let: the cage has to hold all the same.
      if (frame.kind === "approval_request") client.reply(frame.id, true);
      else if (frame.kind === "event") this.#hear(frame.event);
      else if (frame.kind === "terminal") error = frame.error;
    }
    const { plan } = this.#options;
    const next = plan[this.#made];
    if (next) this.#lose(next, this.#silence ?? error ?? "it ended early");
    await Promise.all(this.#looks);
    const rest = plan.slice(this.#made).flatMap(({ one }) => one && one !== next?.one ? [one] : []);
    return { rest: [...new Set(rest)], broken: this.#broken };
  }

  #watch(): void {
    const { plan, ground, kill } = this.#options;
    const one = plan[this.#made]?.one;
    if (one?.alone === "kill" && beatIn(ground.scene(one).targets.folder) !== undefined) kill();
    if (systemClock.monotonic() - this.#lastAt < SILENCE_MS) return;
    this.#silence ??= `no answer within ${SILENCE_MS / 1000} s`;
    kill();
  }

  #hear(data: unknown): void {
    const { success, data: event } = agentEventSchema.safeParse(data);
    if (!success) return;
    const { type } = event;
    if (type === "tool_error") this.#note(event.tool_call_id, event.error, false);
    else if (type === "tool_complete") {
      this.#note(event.tool_call_id, event.result.result, event.result.success);
    }
  }

  #note(id: string, text: string, isDone: boolean): void {
    const now = systemClock.monotonic();
    const ms = now - this.#lastAt;
    this.#lastAt = now;
    const { plan } = this.#options;
    const at = Number(id);
    const planned = plan[at];
    if (!planned) return;
    this.#made = at + 1;
    const { one, step: { tool } } = planned;
    const output = { tool, ...printedBy(text), ms, isDone };
    if (!one) {
      if (!isDone) this.#broken.push({ tool, why: output.stdout || output.stderr });
      return;
    }
    this.#outputs.set(one, [...this.#outputs.get(one) ?? [], output]);
    if (plan[this.#made]?.one !== one) this.#look(one, undefined);
  }

  /** The worker went down in the middle of a case, or before. */
  #lose({ one, step }: Planned, end: string): void {
    if (one) this.#look(one, end);
    else this.#broken.push({ tool: step.tool, why: `the worker is gone: ${end}` });
  }

  #look(one: AttackCase, end: string | undefined): void {
    const scene = this.#options.ground.scene(one);
    const outputs = this.#outputs.get(one) ?? [];
    this.#looks.push((async () => {
      const beats = await isBeating(scene.targets.folder);
      this.#options.onSeen(one, { outputs, ...scene.look(), isBeating: beats, end });
    })());
  }
}
