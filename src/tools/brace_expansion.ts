// Spells out the alternatives in braces: `src/{a,b}.ts` is `src/a.ts` and `src/b.ts`.
import { globProblem } from "./glob_problem.ts";

const MAX_LENGTH = 1000;
const MAX_ALTERNATIVES = 256;

/** @throws WorkerError `bad_input` for a pattern too long, of too many alternatives, or unclosed. */
export function expandBraces(pattern: string): string[] {
  if (pattern.length > MAX_LENGTH) {
    const problem = `it has ${pattern.length} characters, expected at most ${MAX_LENGTH}`;
    throw globProblem(pattern, problem);
  }
  return expand(pattern);
}

function expand(text: string): string[] {
  const start = indexOfAny(text, 0, "{");
  if (start === -1) return [text];
  const { alternatives, end } = readGroup(text, start);
  const middles = alternatives.flatMap(expand);
  const tails = expand(text.slice(end));
  if (middles.length * tails.length > MAX_ALTERNATIVES) {
    throw globProblem(text, `its braces stand for more than ${MAX_ALTERNATIVES} patterns`);
  }
  const head = text.slice(0, start);
  return middles.flatMap((middle) => tails.map((tail) => head + middle + tail));
}

/** The alternatives of the group whose brace stands at `start`, and where the text goes on. */
function readGroup(text: string, start: number): { alternatives: string[]; end: number } {
  const alternatives: string[] = [];
  let from = start + 1;
  let depth = 1;
  for (let at = start + 1; depth > 0; at++) {
    at = indexOfAny(text, at, "{,}");
    if (at === -1) throw globProblem(text, "it has a { without its } (\\{ is the character)");
    const character = text.charAt(at);
    if (character === "{") depth++;
    if (character === "}") depth--;
    if (character === "," ? depth > 1 : depth > 0) continue;
    alternatives.push(text.slice(from, at));
    from = at + 1;
  }
  return { alternatives, end: from };
}

/** The first of these characters from `from` on that is not escaped, or -1. */
function indexOfAny(text: string, from: number, characters: string): number {
  for (let at = from; at < text.length; at++) {
    if (text.charAt(at) === "\\") at++;
    else if (characters.includes(text.charAt(at))) return at;
  }
  return -1;
}
