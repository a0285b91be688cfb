// What the two views of a case come to: in the cage and without it. Pure.
import { isAtLeast, type Level } from "../grants/level.ts";
import type { AttackCase, CaseResult, Verdict } from "./attack_case.ts";

/** One view of a case. */
export type View = {
  /** What shows that the attack worked. */
  readonly sign: string | undefined;
  /** What came of it otherwise. */
  readonly told: string;
  /** Whether it took a command, which is not offered at every level. */
  readonly usesCommands: boolean;
};

export type Views = {
  readonly level: Level;
  readonly control: View | undefined;
  readonly caged: View | undefined;
};

export function verdictOf(
  { needs = "deno", bound }: Pick<AttackCase, "needs" | "bound">,
  { level, control, caged }: Views,
): Pick<CaseResult, "verdict" | "evidence"> {
  const say = (verdict: Verdict, evidence: string) => ({ verdict, evidence: oneLine(evidence) });
  if (!isAtLeast(level, needs)) {
    const open = caged?.sign === undefined ? "" : `; open here: ${caged.sign}`;
    return say("not run", `needs level ${needs}, in force is ${level}${open}`);
  }
  if (caged?.sign !== undefined && bound !== undefined) {
    return say("known open", `${bound}; ${caged.sign}`);
  }
  if (caged?.sign !== undefined) return say("leaked", caged.sign);
  if (control?.sign === undefined) {
    const why = control?.told ?? "";
    return say("not applicable", `it does not work here without the cage either: ${why}`);
  }
  if (!caged) return say("not run", "the worker did not get to it");
  if (level === "deno" && caged.usesCommands) {
    return say("not run", `commands are not offered at level ${level}`);
  }
  return say("contained", caged.told);
}

export function oneLine(text: string): string {
  return text.replace(/\s+/g, " ").trim().slice(0, 160);
}
