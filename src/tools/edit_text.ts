// The edits themselves, on text: which place is meant, within which limits, and what comes out.
import { placesOf } from "./find_text.ts";
import { badInput } from "./input.ts";

export type Edited = {
  readonly text: string;
  readonly replacements: number;
  /** UTF-8 bytes taken out and put in. */
  readonly changedBytes: number;
  /** Lines of the places, as they were or as they are, whichever is more. */
  readonly touchedLines: number;
};

export type Replacement = {
  readonly oldString: string;
  readonly newString: string;
  /** Which of several places is meant: the one nearest to this line, from 1. */
  readonly lineNumber?: number | undefined;
};

const MAX_PLACES_OF_ALL = 8;
const MAX_LINES_OF_ALL = 80;
const MIN_VISIBLE_OF_ALL = 2;
/** No more places are looked for: so many are refused anyway. */
const MAX_PLACES = 50;

/** Replaces the one place that is meant. @throws WorkerError `bad_input`. */
export function replaceOne(text: string, replacement: Replacement): Edited {
  const { places, oldString, newString } = placesIn(text, replacement);
  return splice(text, [chosen(text, places, replacement)], { oldString, newString });
}

/** Replaces every place. @throws WorkerError `bad_input`. */
export function replaceAll(text: string, replacement: Replacement): Edited {
  if (replacement.oldString.replace(/\s/g, "").length < MIN_VISIBLE_OF_ALL) {
    const problem = `expected at least ${MIN_VISIBLE_OF_ALL} visible characters with replace_all`;
    throw badInput("old_string", problem);
  }
  const { places, oldString, newString } = placesIn(text, replacement);
  const apart = withoutOverlaps(places, oldString.length);
  if (apart.length > MAX_PLACES_OF_ALL) {
    const found = `${apart.length === MAX_PLACES ? "at least " : ""}${apart.length} places`;
    const problem =
      `found in ${found}, expected at most ${MAX_PLACES_OF_ALL}; edit fewer at a time`;
    throw badInput("replace_all", problem);
  }
  return demandFewLines(splice(text, apart, { oldString, newString }), MAX_LINES_OF_ALL);
}

/** @throws WorkerError `bad_input` if more lines are touched. */
export function demandFewLines(edited: Edited, most: number): Edited {
  if (edited.touchedLines <= most) return edited;
  const problem = `touches ${edited.touchedLines} lines, expected at most ${most}; ` +
    "edit in smaller steps, with patch, or Write the whole file";
  throw badInput("old_string", problem);
}

function placesIn(
  text: string,
  { oldString, newString }: Replacement,
): { places: readonly number[]; oldString: string; newString: string } {
  for (const [from, to] of spellings(text, oldString, newString)) {
    const places = placesOf(from, text, MAX_PLACES);
    if (places.length > 0) return { places, oldString: from, newString: to };
  }
  const problem = "not found in the file; Read it again and copy the text exactly, indentation " +
    "included, without the line numbers";
  throw badInput("old_string", problem);
}

/** In a file with CRLF line ends a model that writes LF means those. */
function spellings(text: string, from: string, to: string): (readonly [string, string])[] {
  const asGiven = [from, to] as const;
  if (!text.includes("\r\n") || from.includes("\r") || to.includes("\r")) return [asGiven];
  return [[from.replaceAll("\n", "\r\n"), to.replaceAll("\n", "\r\n")], asGiven];
}

function chosen(
  text: string,
  places: readonly number[],
  { lineNumber }: Replacement,
): number {
  const [only, second] = places;
  if (only !== undefined && second === undefined) return only;
  const lines = places.map((place) => lineAt(text, place));
  const found = `found ${places.length === MAX_PLACES ? "at least " : ""}${places.length} times`;
  const where = `${found}, on lines ${lines.slice(0, 10).join(", ")}`;
  if (lineNumber === undefined) {
    const advice = "add lines around it to make it unique, give line_number, or set replace_all";
    throw badInput("old_string", `${where}; ${advice}`);
  }
  const distances = lines.map((line) => Math.abs(line - lineNumber));
  const least = Math.min(...distances);
  const nearest = places.filter((_, index) => distances[index] === least);
  if (nearest[0] !== undefined && nearest.length === 1) return nearest[0];
  throw badInput("line_number", `${where}, several equally near to ${lineNumber}`);
}

function withoutOverlaps(places: readonly number[], length: number): number[] {
  const apart: number[] = [];
  for (const place of places) {
    const last = apart.at(-1);
    if (last === undefined || place >= last + length) apart.push(place);
  }
  return apart;
}

function splice(
  text: string,
  places: readonly number[],
  { oldString, newString }: { readonly oldString: string; readonly newString: string },
): Edited {
  let edited = "";
  let from = 0;
  for (const place of places) {
    edited += text.slice(from, place) + newString;
    from = place + oldString.length;
  }
  const lines = Math.max(linesIn(oldString), linesIn(newString));
  return {
    text: edited + text.slice(from),
    replacements: places.length,
    changedBytes: places.length * (bytesIn(oldString) + bytesIn(newString)),
    touchedLines: places.length * lines,
  };
}

function lineAt(text: string, place: number): number {
  let line = 1;
  for (let at = text.indexOf("\n"); at !== -1 && at < place; at = text.indexOf("\n", at + 1)) {
    line++;
  }
  return line;
}

function linesIn(text: string): number {
  const lines = text.split("\n").length;
  return text.endsWith("\n") ? lines - 1 : lines;
}

function bytesIn(text: string): number {
  return new TextEncoder().encode(text).length;
}
