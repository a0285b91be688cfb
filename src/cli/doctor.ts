// `sheath doctor`: what this machine can enforce, and on demand the attacks that show whether it holds.
import { WorkerError } from "../core/errors.ts";
import type { CaseResult } from "../corpus/attack_case.ts";
import { runCorpus } from "../corpus/run_corpus.ts";
import type { Level } from "../grants/level.ts";
import { probeBubblewrap } from "../sandbox/bubblewrap.ts";
import { lookAtKernel } from "../sandbox/kernel.ts";
import { attackText } from "./attack_text.ts";
import { diagnose, diagnosisText } from "./diagnosis.ts";
import { readCliEnvironment } from "./environment.ts";
import { printLine, printResult } from "./print.ts";
import { userId } from "./user.ts";

export type DoctorFlags = {
  readonly attack: boolean;
  readonly level?: Level;
  readonly json: boolean;
};

/** Resolves with the exit code: 1 if an attack got out. */
export async function examine({ attack, level, json }: DoctorFlags): Promise<number> {
  const facts = lookAtKernel();
  const namespaces = facts.os === "linux" ? probeBubblewrap() : undefined;
  const diagnosis = diagnose(facts, namespaces);
  if (!attack) {
    printResult(json ? jsonText({ diagnosis }) : diagnosisText(diagnosis));
    return 0;
  }
  if (facts.os !== "linux" || !facts.isStandalone) {
    const why = facts.os !== "linux" ? `they are made for Linux, this is ${facts.os}` : FROM_SOURCE;
    throw new WorkerError("refused", `Cannot run the attacks: ${why}`);
  }
  if (!json) printResult(diagnosisText(diagnosis));
  const report = await runCorpus({
    program: Deno.execPath(),
    tmp: readCliEnvironment().tmp,
    uid: userId(),
    require: level,
    onResult: (result) => json || tell(result),
  });
  printResult(json ? jsonText({ diagnosis, ...report }) : attackText(report));
  return report.results.some(({ verdict }) => verdict === "leaked") ? 1 : 0;
}

const FROM_SOURCE = "they attack the compiled program, this runs from source";

function tell({ verdict, row, name, evidence }: CaseResult): void {
  if (verdict === "leaked") printLine(`leaked: ${name} (row ${row}): ${evidence}`);
}

function jsonText(value: unknown): string {
  return `${JSON.stringify(value, undefined, 2)}\n`;
}
