// The figures as a table for people: median beside goal, and how much of the goal that is.
import { isReached, median, type Row } from "./measure.ts";

export function table(rows: readonly Row[]): string {
  const lines = rows.map((row) => {
    const middle = median(row.values);
    return [
      row.name,
      shown(middle, row),
      shown(bestOf(row), row),
      row.goal ? `${row.goal.type === "at_most" ? "≤" : "≥"} ${shown(row.goal.value, row)}` : "",
      row.goal ? (middle / row.goal.value).toFixed(2) : "",
      row.goal ? (isReached(row.goal, middle) ? "yes" : "NO") : "",
    ];
  });
  return aligned([["figure", "median", "best", "goal", "ratio", "reached"], ...lines]);
}

/** The first column flush left, the others flush right. */
export function aligned(lines: readonly (readonly string[])[]): string {
  const widths = (lines[0] ?? []).map((_, column) =>
    Math.max(...lines.map((line) => line[column]?.length ?? 0))
  );
  return lines.map((line) =>
    line.map((cell, column) => {
      const width = widths[column] ?? 0;
      return column === 0 ? cell.padEnd(width) : cell.padStart(width);
    }).join("  ").trimEnd()
  ).join("\n");
}

function bestOf({ unit, values }: Row): number {
  return unit.endsWith("/s") ? Math.max(...values) : Math.min(...values);
}

const FRACTIONAL: ReadonlySet<Row["unit"]> = new Set(["ms", "MB", "%"]);

function shown(value: number, { unit }: Row): string {
  const isSmall = FRACTIONAL.has(unit) && Math.abs(value) < 10;
  return `${value.toFixed(isSmall ? 2 : 0)} ${unit}`;
}
