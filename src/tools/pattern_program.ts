// A pattern as a program for the matcher: instructions, one place in the pattern each.
import { CharacterSet, inBothCases } from "./character_set.ts";
import { badInput } from "./input.ts";
import type { Assertion, PatternNode } from "./pattern_syntax.ts";

export type Instruction =
  /** Takes one unit of the set and goes on. */
  | { readonly type: "take"; readonly set: CharacterSet }
  | { readonly type: "assert"; readonly assertion: Assertion }
  /** Goes both ways, rather the first. */
  | { readonly type: "split"; first: number; second: number }
  | { readonly type: "jump"; to: number }
  | { readonly type: "match" };

export type ProgramOptions = {
  readonly ignoreCase: boolean;
  /** `.` matches line ends too. */
  readonly anyIsEverything: boolean;
};

/** What one unit of text costs the matcher at most. */
const MAX_INSTRUCTIONS = 1000;

const LINE_ENDS = new CharacterSet([[0x0a, 0x0a], [0x0d, 0x0d], [0x2028, 0x2029]], true);
const EVERYTHING = new CharacterSet([], true);

/** @throws WorkerError `bad_input` if there is too much of it. */
export function compilePattern(root: PatternNode, options: ProgramOptions): Instruction[] {
  const compiler = new Compiler(options);
  compiler.emitNode(root);
  compiler.emit({ type: "match" });
  return compiler.program;
}

class Compiler {
  readonly program: Instruction[] = [];
  readonly #options: ProgramOptions;

  constructor(options: ProgramOptions) {
    this.#options = options;
  }

  emit<One extends Instruction>(instruction: One): One {
    if (this.program.length >= MAX_INSTRUCTIONS) {
      const problem = `stands for more than ${MAX_INSTRUCTIONS} steps; repeat less, or with * or +`;
      throw badInput("pattern", problem);
    }
    this.program.push(instruction);
    return instruction;
  }

  emitNode(node: PatternNode): void {
    switch (node.type) {
      case "sequence":
        // Never nothing: so that repeating it grows the program, up to its bound.
        if (node.parts.length === 0) this.emit({ type: "jump", to: this.#here + 1 });
        return node.parts.forEach((part) => this.emitNode(part));
      case "alternatives":
        return this.#emitAlternatives(node.parts);
      case "repeat":
        return this.#emitRepeat(node);
      case "set":
        return void this.emit({ type: "take", set: this.#setOf(node) });
      case "any": {
        const set = this.#options.anyIsEverything ? EVERYTHING : LINE_ENDS;
        return void this.emit({ type: "take", set });
      }
      case "assertion":
        return void this.emit({ type: "assert", assertion: node.assertion });
    }
  }

  get #here(): number {
    return this.program.length;
  }

  #setOf({ ranges, isNegated }: PatternNode & { readonly type: "set" }): CharacterSet {
    return new CharacterSet(this.#options.ignoreCase ? inBothCases(ranges) : ranges, isNegated);
  }

  #emitAlternatives(parts: readonly PatternNode[]): void {
    const ends = parts.slice(0, -1).map((part) => {
      const split = this.emit({ type: "split", first: this.#here + 1, second: 0 });
      this.emitNode(part);
      const end = this.emit({ type: "jump", to: 0 });
      split.second = this.#here;
      return end;
    });
    for (const last of parts.slice(-1)) this.emitNode(last);
    for (const end of ends) end.to = this.#here;
  }

  #emitRepeat({ part, least, most, isLazy }: PatternNode & { readonly type: "repeat" }): void {
    for (let count = 0; count < least; count++) this.emitNode(part);
    if (most === Infinity) return this.#emitLoop(part, isLazy);
    const splits = [];
    for (let count = least; count < most; count++) {
      splits.push(this.#emitSplit(isLazy));
      this.emitNode(part);
    }
    for (const split of splits) this.#leave(split, isLazy);
  }

  #emitLoop(part: PatternNode, isLazy: boolean): void {
    const start = this.#here;
    const split = this.#emitSplit(isLazy);
    this.emitNode(part);
    this.emit({ type: "jump", to: start });
    this.#leave(split, isLazy);
  }

  /** Enters what follows, or leaves it; where to is not known yet. */
  #emitSplit(isLazy: boolean): Instruction & { readonly type: "split" } {
    const inside = this.#here + 1;
    return this.emit(
      isLazy
        ? { type: "split", first: 0, second: inside }
        : { type: "split", first: inside, second: 0 },
    );
  }

  #leave(split: Instruction & { readonly type: "split" }, isLazy: boolean): void {
    if (isLazy) split.first = this.#here;
    else split.second = this.#here;
  }
}
