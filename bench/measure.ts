// Takes figures again and again, in turn, so that a slow minute of the machine slows all alike.

export type Figure = {
  readonly name: string;
  readonly unit: "ms" | "MB" | "%" | "tokens" | "summaries" | "frames/s" | "rounds/s";
  readonly goal?: Goal;
};

export type Goal =
  | { readonly type: "at_most"; readonly value: number }
  | { readonly type: "at_least"; readonly value: number };

/** One thing that is done, and the figures that come out of doing it once. */
export interface Case {
  readonly figures: readonly Figure[];
  /** One value for each figure, in their order. Throws when what is measured did not work. */
  measure(): Promise<readonly number[]>;
}

/** A figure with all its values, in the order they were taken; at least one. */
export type Row = Figure & { readonly values: readonly number[] };

export type MeasureOptions = {
  readonly runs: number;
  /** Called before each round; round 0 warms the caches and does not count. */
  readonly onRound: (round: number) => void;
};

/** Measures each case once a round, in their order. */
export async function measureInTurn(
  cases: readonly Case[],
  { runs, onRound }: MeasureOptions,
): Promise<readonly Row[]> {
  const rows = cases.map(({ figures }) =>
    figures.map((figure): Figure & { readonly values: number[] } => ({ ...figure, values: [] }))
  );
  for (let round = 0; round <= runs; round++) {
    onRound(round);
    for (const [index, one] of cases.entries()) {
      const values = await measured(one);
      if (round > 0) rows[index]?.forEach((row, at) => row.values.push(values[at] ?? NaN));
    }
  }
  return rows.flat();
}

/** Reads the flag `--runs`. */
export function readRuns(text: string): number {
  return readCount("runs", text);
}

/** Reads a flag that counts something. */
export function readCount(flag: string, text: string): number {
  const count = Number(text);
  if (Number.isInteger(count) && count >= 1) return count;
  throw new Error(`Cannot measure --${flag}=${text}: expected a whole number from 1`);
}

/** NaN of none. */
export function median(values: readonly number[]): number {
  return quantile(values, 0.5);
}

/** The value below which that part of the values lies; halfway between two where it is halfway. */
export function quantile(values: readonly number[], part: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  const at = (sorted.length - 1) * part;
  const [low = NaN, high = NaN] = [sorted[Math.floor(at)], sorted[Math.ceil(at)]];
  return low + (high - low) * (at - Math.floor(at));
}

export function isReached(goal: Goal, value: number): boolean {
  switch (goal.type) {
    case "at_most":
      return value <= goal.value;
    case "at_least":
      return value >= goal.value;
  }
}

async function measured(one: Case): Promise<readonly number[]> {
  try {
    return await one.measure();
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new Error(`Cannot measure "${one.figures[0]?.name}": ${why}`, { cause });
  }
}
