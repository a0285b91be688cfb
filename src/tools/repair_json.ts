// Mends JSON that was cut off or has trailing commas; what else is wrong with it stays wrong.

export type JsonScan = {
  /** The closing brackets that are missing, in order. */
  readonly missing: string;
  /** The text ends inside a string. */
  readonly inString: boolean;
  /** How deep brackets nest at most. */
  readonly depth: number;
  /** Where commas stand that a closing bracket or the end follows. */
  readonly trailingCommas: readonly number[];
};

/** Closes open strings and brackets and drops trailing commas. */
export function repairJson(text: string): string {
  const { missing, inString, trailingCommas } = scanJson(text);
  let mended = "";
  let from = 0;
  for (const comma of trailingCommas) {
    mended += text.slice(from, comma);
    from = comma + 1;
  }
  mended += text.slice(from);
  return `${inString ? `${withoutHalfEscape(mended)}"` : mended}${missing}`;
}

/** Looks at brackets, strings and commas only: the text need not be JSON. */
export function scanJson(text: string): JsonScan {
  const open: string[] = [];
  const trailingCommas: number[] = [];
  let depth = 0;
  let comma: number | undefined;
  let inString = false;
  for (let at = 0; at < text.length; at++) {
    const character = text.charAt(at);
    if (inString) {
      if (character === "\\") at++;
      else if (character === '"') inString = false;
      continue;
    }
    if (isSpace(character)) continue;
    if (isClosing(character) && comma !== undefined) trailingCommas.push(comma);
    comma = character === "," ? at : undefined;
    if (character === '"') inString = true;
    else if (character === "{") open.push("}");
    else if (character === "[") open.push("]");
    else if (isClosing(character)) open.pop();
    depth = Math.max(depth, open.length);
  }
  if (comma !== undefined) trailingCommas.push(comma);
  return { missing: open.reverse().join(""), inString, depth, trailingCommas };
}

function isSpace(character: string): boolean {
  return character === " " || character === "\n" || character === "\r" || character === "\t";
}

function isClosing(character: string): boolean {
  return character === "}" || character === "]";
}

/** The text without an escape at its end that misses characters: `\`, `\u`, `\u12`. */
function withoutHalfEscape(text: string): string {
  const [half] = /(?:^|[^\\])(?:\\\\)*(\\(?:u[\da-fA-F]{0,3})?)$/.exec(text)?.slice(1) ?? [];
  return half === undefined ? text : text.slice(0, -half.length);
}
