// The pattern of one name: no slashes, no braces.
import { globProblem } from "./glob_problem.ts";

export type NameToken =
  | { readonly type: "character"; readonly character: string }
  | { readonly type: "any_one" }
  | { readonly type: "any_many" }
  | {
    readonly type: "one_of";
    readonly isNegated: boolean;
    readonly ranges: readonly (readonly [first: string, last: string])[];
  };

const CLASS = /^\[([!^]?)(\]?[^\]]*)\]/u;

/** @throws WorkerError `bad_input`. */
export function parseName(pattern: string): NameToken[] {
  const tokens: NameToken[] = [];
  let rest = pattern;
  while (rest !== "") {
    const [token, length] = firstToken(rest);
    const isRepeated = token.type === "any_many" && tokens.at(-1)?.type === "any_many";
    if (!isRepeated) tokens.push(token);
    rest = rest.slice(length);
  }
  return tokens;
}

/** Goes back only to the last `*`: what an earlier one could take, the last one can. */
export function matchesName(tokens: readonly NameToken[], name: string): boolean {
  const characters = [...name];
  let token = 0;
  let at = 0;
  let star: { readonly token: number; at: number } | undefined;
  while (at < characters.length) {
    const current = tokens[token];
    if (current?.type === "any_many") {
      star = { token, at };
      token++;
    } else if (current && matchesOne(current, characters[at] ?? "")) {
      token++;
      at++;
    } else if (star) {
      star.at++;
      at = star.at;
      token = star.token + 1;
    } else return false;
  }
  return tokens.slice(token).every(({ type }) => type === "any_many");
}

function firstToken(text: string): readonly [NameToken, length: number] {
  if (text.startsWith("*")) return [{ type: "any_many" }, 1];
  if (text.startsWith("?")) return [{ type: "any_one" }, 1];
  if (text.startsWith("[")) return classToken(text);
  const escaped = text.startsWith("\\") && text.length > 1;
  const character = String.fromCodePoint(text.codePointAt(escaped ? 1 : 0) ?? 0);
  return [{ type: "character", character }, character.length + (escaped ? 1 : 0)];
}

function classToken(text: string): readonly [NameToken, length: number] {
  const [whole, negation, members] = CLASS.exec(text) ?? [];
  if (whole === undefined || members === undefined || members === "") {
    throw globProblem(text, "it has a [ without its ] (\\[ is the character)");
  }
  return [{ type: "one_of", isNegated: negation !== "", ranges: rangesOf(members) }, whole.length];
}

function rangesOf(members: string): (readonly [string, string])[] {
  const ranges = members.matchAll(/(.)-(.)|(.)/gsu);
  return [...ranges].map(([, first, last, single = ""]) => [first ?? single, last ?? single]);
}

function matchesOne(token: NameToken, character: string): boolean {
  switch (token.type) {
    case "character":
      return token.character === character;
    case "any_one":
    case "any_many":
      return true;
    case "one_of":
      return token.isNegated !==
        token.ranges.some(([first, last]) => first <= character && character <= last);
  }
}
