// What came of the attacks, for people. Pure.
import { type CaseResult, LAYERS, type Verdict } from "../corpus/attack_case.ts";
import type { CorpusReport } from "../corpus/run_corpus.ts";
import { oneLine } from "../host/printable.ts";

const COLUMNS = ["layer", "tried", "contained", "leaked", "open", "n/a", "not run"] as const;

/** So many lines that say the same are one too many. */
const MANY = 4;

/** A table of the layers, then what was not run and what leaked. */
export function attackText({ level, results }: CorpusReport): string {
  const rows = [
    COLUMNS,
    ...LAYERS.map((layer) => rowOf(layer, results.filter((one) => one.layer === layer))),
    rowOf("all", results),
  ];
  const widths = COLUMNS.map((_, at) => Math.max(...rows.map((row) => row[at]?.length ?? 0)));
  const table = rows.map((row) =>
    row.map((cell, at) => at === 0 ? cell.padEnd(widths[at] ?? 0) : cell.padStart(widths[at] ?? 0))
      .join("  ")
  );
  const leaks = count(results, "leaked");
  return [
    "",
    `attacks on workers at level ${level}`,
    ...table,
    ...listOf("not run", joined(results), "not run"),
    ...listOf("known to be open", results, "known open"),
    ...listOf("leaked", results, "leaked"),
    "",
    leaks === 0 ? "nothing else got out" : `${leaks} of them got out`,
    "",
  ].join("\n");
}

function rowOf(layer: string, results: readonly CaseResult[]): readonly string[] {
  const of = (verdict: Verdict) => count(results, verdict);
  const [contained, leaked, open] = [of("contained"), of("leaked"), of("known open")];
  const tried = contained + leaked + open;
  const cells = [tried, contained, leaked, open, of("not applicable"), of("not run")];
  return [layer, ...cells.map(String)];
}

function listOf(title: string, results: readonly CaseResult[], verdict: Verdict): string[] {
  const found = results.filter((result) => result.verdict === verdict);
  if (found.length === 0) return [];
  return ["", `${title}:`, ...found.map((one) => `  ${one.name}: ${oneLine(one.evidence, 120)}`)];
}

/** Many that were not run for one reason are told as one. */
function joined(results: readonly CaseResult[]): CaseResult[] {
  const byReason = Map.groupBy(results, ({ verdict, evidence }) => `${verdict} ${evidence}`);
  return [...byReason.values()].flatMap((group) => {
    const [first] = group;
    return first && group.length > MANY ? [{ ...first, name: `${group.length} attacks` }] : group;
  });
}

function count(results: readonly CaseResult[], verdict: Verdict): number {
  return results.filter((result) => result.verdict === verdict).length;
}
