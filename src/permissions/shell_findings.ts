// What an analysis gathers on its way through a command line, and the verdict it comes to.
import type { ShellVerdict } from "./shell_verdict.ts";

/** The gravest come first. */
const MAX_REASONS = 16;

export class Findings {
  readonly #asks = new Set<string>();
  readonly #warnings = new Set<string>();
  readonly #programs = new Set<string>();
  #deletes = false;
  #isEveryday = true;
  #entersProtected = false;
  #deletesTrees = false;
  #evaluatesNames = false;
  #quotesSubstitution = false;

  /** To be asked about even where nothing else is. */
  ask(reason: string): void {
    this.#asks.add(reason);
  }

  warn(reason: string): void {
    this.#warnings.add(reason);
  }

  addProgram(name: string, { isEveryday }: { readonly isEveryday: boolean }): void {
    this.#programs.add(name);
    this.#isEveryday &&= isEveryday;
  }

  addDeletion({ ofTree }: { readonly ofTree: boolean }): void {
    this.#deletes = true;
    this.#deletesTrees ||= ofTree;
  }

  get hasDeletion(): boolean {
    return this.#deletes;
  }

  /** A folder was entered in which a relative path may mean anything. */
  enterProtected(): void {
    this.#entersProtected = true;
  }

  /** A place where bash evaluates the text of a variable, such as arithmetic. */
  addEvaluation(): void {
    this.#evaluatesNames = true;
  }

  /** A quoted text that holds a substitution, which an evaluation would run. */
  addQuotedSubstitution(): void {
    this.#quotesSubstitution = true;
  }

  verdict(): ShellVerdict {
    if (this.#entersProtected && this.#deletesTrees) {
      this.ask("deletes a tree after it entered a folder that must not be lost");
    }
    if (this.#evaluatesNames && this.#quotesSubstitution) {
      this.ask("a quoted substitution may run where a variable is evaluated");
    }
    const reasons = [...this.#asks, ...this.#warnings].slice(0, MAX_REASONS);
    const type = this.#asks.size > 0 ? "ask" : this.#warnings.size > 0 ? "warned" : "safe";
    return {
      type,
      reasons,
      programs: [...this.#programs],
      deletes: this.#deletes,
      everyday: type === "safe" && this.#isEveryday && this.#programs.size > 0,
    };
  }
}

/** A name or path of the line, short and on one line, as a reason shows it. */
export function named(text: string): string {
  return JSON.stringify(text.length > 80 ? `${text.slice(0, 80)}…` : text);
}
