// Makes text of models, tools and peers harmless to a terminal; what is shown is the caller's.

/**
 * Streamed text for a terminal: control characters (but newline and tab) as `\xNN`, the controls
 * that reorder or hide text as `\u{…}`. All else stays as it is.
 */
export function printable(text: string): string {
  return text.replace(UNSAFE, escaped);
}

/** The same on one line of at most `max` characters: blanks are joined, a cut ends with `…`. */
export function oneLine(text: string, max = Infinity): string {
  const flat = printable(text.slice(0, max * 2).replace(/\s+/g, " ").trim());
  return flat.length <= max ? flat : `${flat.slice(0, max - 1).trimEnd()}…`;
}

/** One character as an escape that names it. */
export function escaped(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  return code < 0x100
    ? `\\x${code.toString(16).padStart(2, "0")}`
    : `\\u{${code.toString(16).padStart(4, "0")}}`;
}

/** Control characters but \t and \n; then marks and overrides of writing direction. */
const UNSAFE = /(?![\t\n])[\p{Cc}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu;
