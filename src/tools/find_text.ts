// Finds a text in another in time that grows with their lengths only, whatever they hold: the
// built-in search can take their product.

/** Where `needle` (not empty) starts in `text`, overlaps included, at most `limit` places. */
export function placesOf(needle: string, text: string, limit: number): number[] {
  const borders = bordersOf(needle);
  const places: number[] = [];
  let matched = 0;
  for (let at = 0; at < text.length && places.length < limit; at++) {
    if (matched === 0) {
      at = text.indexOf(needle.charAt(0), at);
      if (at === -1) break;
    }
    matched = nextLength(needle, borders, { matched, code: text.charCodeAt(at) });
    if (matched < needle.length) continue;
    places.push(at + 1 - needle.length);
    matched = borders[matched] ?? 0;
  }
  return places;
}

/** For each length of a start of `needle`: the longest shorter start that it also ends with. */
function bordersOf(needle: string): Int32Array {
  const borders = new Int32Array(needle.length + 1);
  let matched = 0;
  for (let at = 1; at < needle.length; at++) {
    matched = nextLength(needle, borders, { matched, code: needle.charCodeAt(at) });
    borders[at + 1] = matched;
  }
  return borders;
}

/** How much of `needle` is matched once `code` follows `matched` characters of it. */
function nextLength(
  needle: string,
  borders: Int32Array,
  { matched, code }: { readonly matched: number; readonly code: number },
): number {
  let length = matched;
  while (length > 0 && (length === needle.length || needle.charCodeAt(length) !== code)) {
    length = borders[length] ?? 0;
  }
  return needle.charCodeAt(length) === code ? length + 1 : length;
}
