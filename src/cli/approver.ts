// Answers approval requests: by a rule the user gave, by asking at the terminal, else with no.
import { type ApprovalScene, approvalText, readApproval } from "../host/approval_text.ts";
import { oneLine } from "../host/printable.ts";

export const APPROVE_RULES = ["never", "edits", "all"] as const;
/** `edits` says yes to writing files; all else is asked, or denied where nobody can be asked. */
export type ApproveRule = typeof APPROVE_RULES[number];

/** Words of the permission to write files (wire: approval_request). */
const WRITE_FILES = "Write files to disk";

export interface Asker {
  /** Shows the text and waits for a yes or no; anything but a clear yes is a no. */
  ask(text: string, signal: AbortSignal): Promise<boolean>;
}

export type ApproverOptions = {
  readonly rule: ApproveRule | undefined;
  /** Undefined without a terminal. */
  readonly asker: Asker | undefined;
  /** One line about what was answered and why. */
  readonly note: (line: string) => void;
};

/** Questions come one after another, however they arrive. */
export class Approver {
  readonly #options: ApproverOptions;
  #last: Promise<unknown> = Promise.resolve();

  constructor(options: ApproverOptions) {
    this.#options = options;
  }

  /** Whether the act may be done, this once. An abort is a no. */
  answer(rawBody: unknown, scene: ApprovalScene, signal: AbortSignal): Promise<boolean> {
    const body = readApproval(rawBody);
    if (!body) return this.#denied("a request that cannot be read");
    const { rule, asker } = this.#options;
    const about = oneLine(`${body.permission}: ${body.resource}`, 120);
    if (rule === "all" || (rule === "edits" && body.permission === WRITE_FILES)) {
      this.#options.note(`allowed by --approve ${rule}: ${about}`);
      return Promise.resolve(true);
    }
    if (rule === "never") return this.#denied(`${about} (--approve never)`);
    if (!asker) {
      const wanted = body.permission === WRITE_FILES ? "edits" : "all";
      return this.#denied(`${about} (no terminal to ask at; --approve ${wanted} would allow it)`);
    }
    const turn = this.#last.then(() => ask(asker, approvalText(body, scene), signal));
    this.#last = turn;
    return turn;
  }

  #denied(what: string): Promise<boolean> {
    this.#options.note(`denied: ${what}`);
    return Promise.resolve(false);
  }
}

async function ask(asker: Asker, text: string, signal: AbortSignal): Promise<boolean> {
  try {
    return !signal.aborted && await asker.ask(text, signal);
  } catch {
    return false; // the run is over, or the terminal is gone
  }
}
