// Where the parts of a JSON text stand, so that one can be changed and all others stay as they are
// written. Only for texts that JSON.parse reads.

/** From its first character to the one after its last. */
export type Span = { readonly start: number; readonly end: number };

export type Member = Span & {
  readonly key: string;
  readonly value: Span;
};

/** The members of the object that begins at `start`, its key and value each. */
export function membersOf(text: string, start: number): readonly Member[] {
  const members: Member[] = [];
  for (let at = blanksEnd(text, start + 1); text[at] !== "}";) {
    const keyEnd = valueEnd(text, at);
    const from = blanksEnd(text, blanksEnd(text, keyEnd) + 1);
    const end = valueEnd(text, from);
    members.push({
      start: at,
      end,
      key: JSON.parse(text.slice(at, keyEnd)),
      value: { start: from, end },
    });
    at = nextStart(text, end);
  }
  return members;
}

/** The elements of the array that begins at `start`. */
export function elementsOf(text: string, start: number): readonly Span[] {
  const elements: Span[] = [];
  for (let at = blanksEnd(text, start + 1); text[at] !== "]";) {
    const end = valueEnd(text, at);
    elements.push({ start: at, end });
    at = nextStart(text, end);
  }
  return elements;
}

/** Where the text's own value begins. */
export function valueStart(text: string): number {
  return blanksEnd(text, 0);
}

/** After a comma the next part, else the closing bracket. */
function nextStart(text: string, end: number): number {
  const at = blanksEnd(text, end);
  return text[at] === "," ? blanksEnd(text, at + 1) : at;
}

function valueEnd(text: string, start: number): number {
  let depth = 0;
  for (let at = start;;) {
    const character = text.charAt(at);
    if (character === '"') at = stringEnd(text, at);
    else if (/[[{]/.test(character)) depth++, at++;
    else if (/[\]}]/.test(character)) depth--, at++;
    else at = plainEnd(text, at);
    if (depth === 0) return at;
  }
}

function stringEnd(text: string, start: number): number {
  for (let at = start + 1;; at++) {
    if (text[at] === "\\") at++;
    else if (text[at] === '"') return at + 1;
  }
}

/** The end of a number, a word, or what stands between the parts of a container. */
function plainEnd(text: string, start: number): number {
  let at = start + 1;
  while (at < text.length && !/["[\]{},\s]/.test(text.charAt(at))) at++;
  return at;
}

function blanksEnd(text: string, start: number): number {
  let at = start;
  while (/\s/.test(text.charAt(at))) at++;
  return at;
}
