// What a run did, counted from its events: files changed, commands, rounds, tokens, their cost.
import { grouped } from "../base/grouped.ts";
import { withSlashes } from "../base/path_system.ts";
import type { AgentEvent } from "../core/event.ts";
import { mostItCosts, type Price, usdText } from "../core/prices.ts";
import { isObject } from "../core/schema.ts";
import type { TokenUsage } from "../core/usage.ts";
import { oneLine } from "../host/printable.ts";

/** Tools that change the file they name. */
const CHANGING: ReadonlyMap<string, string> = new Map([
  ["Write", "file_path"],
  ["Edit", "file_path"],
  ["NotebookEdit", "notebook_path"],
]);

/** Tools that run programs, which may change files too. */
const RUNNING: ReadonlySet<string> = new Set(["Bash", "js_repl"]);

const MAX_NAMES = 10;

export class Tally {
  readonly #workspace: string;
  readonly #underWay = new Map<string, string>();
  readonly #changed = new Set<string>();
  #rounds = 0;
  #programs = 0;
  #spent: TokenUsage | undefined;
  readonly #price: Price | undefined;

  /** `price` is that of the model; undefined where none is known. */
  constructor(workspace: string, price?: Price) {
    this.#workspace = workspace;
    this.#price = price;
  }

  get rounds(): number {
    return this.#rounds;
  }

  take(event: AgentEvent): void {
    if (event.type === "runner_progress") this.#rounds = event.round_count + 1;
    else if (event.type === "complete") this.#spent = event.usage;
    else if (event.type === "tool_start") {
      if (RUNNING.has(event.tool_name)) this.#programs++;
      const path = isObject(event.arguments)
        ? event.arguments[CHANGING.get(event.tool_name) ?? ""]
        : undefined;
      if (typeof path === "string") this.#underWay.set(event.tool_call_id, path);
    } else if (event.type === "tool_complete") {
      const path = this.#underWay.get(event.tool_call_id);
      if (event.result.success && path !== undefined) this.#changed.add(this.#short(path));
    }
  }

  /** `1 file changed: hello.py · 3 rounds · 1,234 tokens · at most $0.0021 · 1.2 s`. */
  summary(seconds: number): string {
    const parts = [
      this.#filesText(),
      ...(this.#programs === 0 ? [] : [counted(this.#programs, "command")]),
      counted(this.#rounds, "round"),
      ...this.#spentTexts(),
      `${seconds.toFixed(1)} s`,
    ];
    return parts.join(" · ");
  }

  /** Events do not tell how much of the prompts came from a cache. */
  #spentTexts(): readonly string[] {
    if (!this.#spent) return [];
    const { prompt_tokens: prompt, completion_tokens: output, total_tokens } = this.#spent;
    const cost = this.#price && mostItCosts(this.#price, { prompt, output });
    return [
      counted(total_tokens, "token"),
      ...(cost === undefined ? [] : [`at most ${usdText(cost)}`]),
    ];
  }

  #filesText(): string {
    const names = [...this.#changed];
    if (names.length === 0) return "no files changed";
    const more = names.length > MAX_NAMES ? ` and ${names.length - MAX_NAMES} more` : "";
    return `${counted(names.length, "file")} changed: ${
      names.slice(0, MAX_NAMES).join(", ")
    }${more}`;
  }

  #short(path: string): string {
    const root = `${withSlashes(this.#workspace)}/`;
    return oneLine(withSlashes(path).startsWith(root) ? path.slice(root.length) : path, 200);
  }
}

/** `1 round`, `1,234 tokens`. */
export function counted(count: number, noun: string): string {
  return `${grouped(count)} ${noun}${count === 1 ? "" : "s"}`;
}
