// Runs a pattern over a text, all ways at once: the time grows with the length of the text times
// the size of the pattern, whatever they hold.
import type { CharacterSet } from "./character_set.ts";
import { compilePattern, type Instruction } from "./pattern_program.ts";
import { type Assertion, parsePattern } from "./pattern_syntax.ts";
import { ThreadList } from "./thread_list.ts";

export type PatternMatch = { readonly start: number; readonly end: number };

export type PatternOptions = {
  readonly ignoreCase: boolean;
  /** `^` and `$` match at every line, `.` matches line ends too. */
  readonly isMultiline: boolean;
};

/** After so many steps a search lets its caller do something else. */
const STEPS_PER_TURN = 200_000;

export class PatternMatcher {
  readonly #program: readonly Instruction[];
  readonly #isMultiline: boolean;
  /** What a match can start with; undefined if it can be empty. */
  readonly #openers: readonly CharacterSet[] | undefined;
  #current: ThreadList;
  #next: ThreadList;

  /** @throws WorkerError `bad_input` for a pattern that cannot be used. */
  constructor(pattern: string, { ignoreCase, isMultiline }: PatternOptions) {
    const { root, ignoreCase: isMarked } = parsePattern(pattern);
    const options = { ignoreCase: ignoreCase || isMarked, anyIsEverything: isMultiline };
    this.#program = compilePattern(root, options);
    this.#isMultiline = isMultiline;
    this.#openers = openersOf(this.#program);
    this.#current = new ThreadList(this.#program.length);
    this.#next = new ThreadList(this.#program.length);
  }

  /**
   * The first match from `from` on; of those that start there the one JavaScript would take, or
   * any. Yields now and then; until it is done nothing else may be asked.
   */
  *find(
    text: string,
    from: number,
    { isAnyEnough = false }: { readonly isAnyEnough?: boolean } = {},
  ): Generator<void, PatternMatch | undefined> {
    let found: PatternMatch | undefined;
    let steps = 0;
    this.#current.clear();
    for (let at = from; at <= text.length; at++) {
      if (this.#current.length === 0) {
        if (found) break;
        at = this.#nextOpener(text, at);
      }
      if (!found) this.#follow(this.#current, { place: 0, start: at }, { text, at });
      found = this.#step(text, at) ?? found;
      if (found && isAnyEnough) break;
      steps += this.#current.length + 1;
      [this.#current, this.#next] = [this.#next, this.#current];
      if (steps < STEPS_PER_TURN) continue;
      steps = 0;
      yield;
    }
    return found;
  }

  /** The next place where a match may start, or the end of the text. */
  #nextOpener(text: string, from: number): number {
    const openers = this.#openers;
    if (!openers) return from;
    for (let at = from; at < text.length; at++) {
      const unit = text.charCodeAt(at);
      for (const set of openers) if (set.has(unit)) return at;
    }
    return text.length;
  }

  /** Moves every thread over the unit at `at`; the match of the first that ends here ends all after. */
  #step(text: string, at: number): PatternMatch | undefined {
    const unit = at < text.length ? text.charCodeAt(at) : -1;
    const current = this.#current;
    this.#next.clear();
    for (let index = 0; index < current.length; index++) {
      const place = current.placeOf(index);
      const start = current.startOf(index);
      const instruction = this.#program[place];
      if (instruction?.type === "match") return { start, end: at };
      if (instruction?.type !== "take" || unit < 0 || !instruction.set.has(unit)) continue;
      this.#follow(this.#next, { place: place + 1, start }, { text, at: at + 1 });
    }
    return undefined;
  }

  /** Adds a thread at every place that can be reached without taking a unit, the preferred first. */
  #follow(threads: ThreadList, from: Thread, where: Where): void {
    const waiting = [from.place];
    for (let place = waiting.pop(); place !== undefined; place = waiting.pop()) {
      const instruction = this.#program[place];
      if (!instruction || !threads.enter(place)) continue;
      switch (instruction.type) {
        case "jump":
          waiting.push(instruction.to);
          break;
        case "split":
          waiting.push(instruction.second, instruction.first);
          break;
        case "assert":
          if (this.#holds(instruction.assertion, where)) waiting.push(place + 1);
          break;
        case "take":
        case "match":
          threads.add(place, from.start);
      }
    }
  }

  #holds(assertion: Assertion, { text, at }: Where): boolean {
    switch (assertion) {
      case "line_start":
        return at === 0 || (this.#isMultiline && isLineEnd(text.charCodeAt(at - 1)));
      case "line_end":
        return at === text.length || (this.#isMultiline && isLineEnd(text.charCodeAt(at)));
      case "word_edge":
        return isWord(text, at - 1) !== isWord(text, at);
      case "no_word_edge":
        return isWord(text, at - 1) === isWord(text, at);
    }
  }
}

type Thread = { readonly place: number; readonly start: number };
type Where = { readonly text: string; readonly at: number };

function openersOf(program: readonly Instruction[]): readonly CharacterSet[] | undefined {
  const reached = new Set([0]);
  const openers: CharacterSet[] = [];
  for (const place of reached) { // what is added while walking is walked too
    const instruction = program[place];
    if (!instruction || instruction.type === "match") return undefined;
    if (instruction.type === "take") openers.push(instruction.set);
    if (instruction.type === "assert") reached.add(place + 1);
    if (instruction.type === "jump") reached.add(instruction.to);
    if (instruction.type === "split") reached.add(instruction.first).add(instruction.second);
  }
  return openers;
}

function isLineEnd(unit: number): boolean {
  return unit === 0x0a || unit === 0x0d || unit === 0x2028 || unit === 0x2029;
}

function isWord(text: string, at: number): boolean {
  const unit = at < 0 || at >= text.length ? 0 : text.charCodeAt(at);
  return (unit >= 0x61 && unit <= 0x7a) || (unit >= 0x41 && unit <= 0x5a) ||
    (unit >= 0x30 && unit <= 0x39) || unit === 0x5f;
}
