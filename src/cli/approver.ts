// Answers approval requests: by a rule the user gave, by what was said before, by asking at the
// terminal, else with no.
import {
  type ApprovalBody,
  type ApprovalScene,
  approvalText,
  readApproval,
} from "../host/approval_text.ts";
import { oneLine } from "../host/printable.ts";
import { visibleText } from "../host/visible_text.ts";

export const APPROVE_RULES = ["never", "edits", "all"] as const;
/** `edits` says yes to writing files; all else is asked, or denied where nobody can be asked. */
export type ApproveRule = typeof APPROVE_RULES[number];

/** `run`: this act, and the very same one again in this run. */
export type Answer = "once" | "run" | "no";

export interface Asker {
  /** Shows the text and waits for an answer; anything but a clear yes is a no. */
  ask(text: string, signal: AbortSignal): Promise<Answer>;
}

export type ApproverOptions = {
  readonly rule: ApproveRule | undefined;
  /** Undefined without a terminal. */
  readonly asker: Asker | undefined;
  /** One line about what was answered and why. */
  readonly note: (line: string) => void;
};

/** The weakest rule that says yes to a permission (wire: approval_request.body.permission). */
export function ruleFor(permission: string): Exclude<ApproveRule, "never"> {
  return permission === "Write files to disk" ? "edits" : "all";
}

/** Questions come one after another, however they arrive. */
export class Approver {
  readonly #options: ApproverOptions;
  /** Tool, permission and resource of each act that is allowed for the run. */
  readonly #allowed = new Set<string>();
  #last: Promise<unknown> = Promise.resolve();

  constructor(options: ApproverOptions) {
    this.#options = options;
  }

  /** Whether the act may be done, this once. An abort is a no. */
  answer(rawBody: unknown, scene: ApprovalScene, signal: AbortSignal): Promise<boolean> {
    const body = readApproval(rawBody);
    if (!body) return this.#say(false, "denied: a request that cannot be read");
    const { rule, asker } = this.#options;
    const about = aboutOf(body);
    const wanted = ruleFor(body.permission);
    if (rule === "all" || rule === wanted) {
      return this.#say(true, `allowed by --approve ${rule}: ${about}`);
    }
    if (rule === "never") return this.#say(false, `denied: ${about} (--approve never)`);
    if (!asker) {
      const hint = `no terminal to ask at; --approve ${wanted} would allow it`;
      return this.#say(false, `denied: ${about} (${hint})`);
    }
    const turn = this.#last.then(() => this.#askOnce(asker, { body, scene }, signal));
    this.#last = turn;
    return turn;
  }

  async #askOnce(
    asker: Asker,
    { body, scene }: { readonly body: ApprovalBody; readonly scene: ApprovalScene },
    signal: AbortSignal,
  ): Promise<boolean> {
    if (signal.aborted) return false;
    const { tool_name, permission, resource } = body;
    const act = JSON.stringify([tool_name, permission, resource]);
    if (this.#allowed.has(act)) {
      return await this.#say(true, `allowed for this run before: ${aboutOf(body)}`);
    }
    const answer = await ask(asker, approvalText(body, scene), signal);
    if (answer === "run") this.#allowed.add(act);
    return answer !== "no";
  }

  #say(isAllowed: boolean, line: string): Promise<boolean> {
    this.#options.note(line);
    return Promise.resolve(isAllowed);
  }
}

function aboutOf({ permission, resource }: ApprovalBody): string {
  return oneLine(visibleText(`${permission}: ${resource}`), 120);
}

async function ask(asker: Asker, text: string, signal: AbortSignal): Promise<Answer> {
  try {
    return await asker.ask(text, signal);
  } catch {
    return "no"; // the run is over, or the terminal is gone
  }
}
