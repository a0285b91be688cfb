// A text in which any character may be written as %xx, as \u00xx or, behind a backslash, as itself.

export type Word = {
  /** One code below 256 a character. */
  readonly codes: readonly number[];
  /** The bytes with which it can begin. */
  readonly firsts: readonly number[];
};

const PERCENT = 0x25;
const BACKSLASH = 0x5c;

export function wordOf(text: string): Word {
  const codes = [...text].map((character) => character.charCodeAt(0));
  return { codes, firsts: [codes[0] ?? 0, PERCENT, BACKSLASH] };
}

/** The index behind the word at `at`; `begun` when the text ends before the word does. */
export function matchAt(text: string, at: number, { codes }: Word): number | "begun" | "none" {
  let place = at;
  for (const code of codes) {
    const length = lengthOf(code, text, place);
    if (typeof length !== "number") return length;
    place += length;
  }
  return place;
}

/** How many characters of the text write `code` at `place`. */
function lengthOf(code: number, text: string, place: number): number | "begun" | "none" {
  if (place >= text.length) return "begun";
  const found = text.charCodeAt(place);
  if (found === code) return 1;
  if (found === PERCENT) return escapeLength("%", { code, text, place });
  if (found !== BACKSLASH) return "none";
  if (place + 1 < text.length && text.charCodeAt(place + 1) === code) return 2;
  return escapeLength("\\u00", { code, text, place });
}

function escapeLength(
  prefix: string,
  { code, text, place }: { readonly code: number; readonly text: string; readonly place: number },
): number | "begun" | "none" {
  const whole = prefix + code.toString(16).padStart(2, "0");
  const found = text.slice(place, place + whole.length).toLowerCase();
  if (found === whole) return whole.length;
  return place + found.length === text.length && whole.startsWith(found) ? "begun" : "none";
}
