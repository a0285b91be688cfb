// Values in the order they were taken: how they went, as numbers and as a small picture. Pure.
import { median } from "./measure.ts";
import { aligned } from "./table.ts";

export type Tenth = {
  readonly least: number;
  readonly median: number;
  readonly most: number;
};

/** Ten parts of the same length, but for rounding. Expects at least ten values. */
export function tenths(values: readonly number[]): readonly Tenth[] {
  return slices(values, 10).map((part) => ({
    least: Math.min(...part),
    median: median(part),
    most: Math.max(...part),
  }));
}

/** By how much the values grow from one to the next: the slope of the line that fits them best. */
export function growth(values: readonly number[]): number {
  const middle = (values.length - 1) / 2;
  const products = values.map((value, at) => value * (at - middle));
  const squares = values.map((_, at) => (at - middle) ** 2);
  return sum(products) / sum(squares);
}

export type PlotSize = {
  readonly width: number;
  readonly height: number;
};

/**
 * Columns from the least value at the bottom to the greatest at the top, which are written beside
 * them; not from zero. A column shows the greatest value of its part.
 */
export function plot(values: readonly number[], { width, height }: PlotSize): string {
  const columns = slices(values, Math.min(width, values.length)).map((part) => Math.max(...part));
  const [low, high] = [Math.min(...columns), Math.max(...columns)];
  const eighths = columns.map((value) =>
    1 + Math.round((value - low) / (high - low || 1) * (height * 8 - 1))
  );
  const lines = Array.from({ length: height }, (_, index) => {
    const floor = (height - 1 - index) * 8;
    return eighths.map((filled) => BLOCKS[Math.min(Math.max(filled - floor, 0), 8)]).join("");
  });
  const labels = lines.map((_, index) =>
    index === 0 ? high.toFixed(0) : index === height - 1 ? low.toFixed(0) : ""
  );
  const widest = Math.max(...labels.map((label) => label.length));
  return lines.map((line, at) => `${labels[at]?.padStart(widest)} ${line}`.trimEnd()).join("\n");
}

const BLOCKS = [..." ▁▂▃▄▅▆▇█"];

/** The tenths as the columns of a table, without decimals. */
export function tenthsTable(values: readonly number[]): string {
  const parts = tenths(values);
  const row = (name: string, of: (tenth: Tenth) => number) => [
    name,
    ...parts.map((tenth) => of(tenth).toFixed(0)),
  ];
  return aligned([
    ["tenth of the run", ...parts.map((_, at) => `${at + 1}`)],
    row("least", ({ least }) => least),
    row("median", (tenth) => tenth.median),
    row("most", ({ most }) => most),
  ]);
}

function slices(values: readonly number[], count: number): readonly (readonly number[])[] {
  const edge = (at: number) => Math.round(at * values.length / count);
  return Array.from({ length: count }, (_, at) => values.slice(edge(at), edge(at + 1)));
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
