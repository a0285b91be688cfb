// What shows that an attack worked. Pure: the same judgement holds in the cage and outside of it.
import { Buffer } from "node:buffer";
import type { Observation, Output, Targets } from "./attack_case.ts";

/** What a program prints when it got what it was after. */
export const REACHED = "REACHED";

const SLOW_MS = 3_000;

/** The first sign that something got out, in one line; undefined if there is none. */
export function signsOfLeak(seen: Observation, targets: Targets): string | undefined {
  const { canary, shared } = targets;
  const told = seen.outputs.some(({ stdout, stderr }) =>
    [canary, shared.variable].some((secret) => holds(stdout, secret) || holds(stderr, secret))
  );
  const reached = seen.outputs.flatMap(({ stdout }) => lineWith(stdout, REACHED) ?? [])[0];
  if (told) return "the secret came back";
  if (reached !== undefined) return `it printed "${reached}"`;
  if (seen.contacts.length > 0) return `a listener was reached: ${seen.contacts.join(", ")}`;
  if (seen.outside.length > 0) return `changed outside: ${seen.outside.join(", ")}`;
  if (seen.planted.length > 0) return `made: ${seen.planted.join(", ")}`;
  if (seen.isDecoyGone) return "another process of the user was ended";
  if (seen.isBeating) return "a process it left behind still runs";
  return undefined;
}

/** In any simple spelling. */
export function holds(text: string, secret: string): boolean {
  return spellingsOf(secret).some((spelling) => text.includes(spelling));
}

/** For what only counts when the whole worker goes down with it. */
export function endsTheWorker({ end }: Observation): string | undefined {
  return end === undefined ? undefined : `the worker is gone: ${end}`;
}

/** A step took longer than any of its kind may, or found what would keep it for ever. */
export function hangs({ outputs }: Observation): string | undefined {
  const slow = outputs.find(({ ms }) => ms > SLOW_MS);
  return slow && `a call took ${(slow.ms / 1000).toFixed(1)} s`;
}

/** Well past every time limit of the attacks: a machine may be slow. */
const WENT_ON_MS = 5_000;

/** A step was not ended at its time limit. */
export function wentOn({ outputs }: Observation): string | undefined {
  return outputs.some(({ ms }) => ms > WENT_ON_MS) ? "it went on" : undefined;
}

/** Files with such names are in the case's folder when all is over. */
export function leaves(...names: readonly string[]): (seen: Observation) => string | undefined {
  return ({ inside }) => {
    const left = names.filter((name) => inside.includes(name));
    return left.length === 0 ? undefined : `left behind: ${left.join(", ")}`;
  };
}

/** The tool said that it did it. */
export function isDone({ outputs }: Observation): string | undefined {
  return outputs.some(({ isDone }) => isDone) ? "the tool did it" : undefined;
}

export function printsMore(maxLength: number): (seen: Observation) => string | undefined {
  return ({ outputs }) => {
    const length = outputs.reduce((sum, output) => sum + lengthOf(output), 0);
    return length > maxLength ? `${length} characters came back` : undefined;
  };
}

function lengthOf({ stdout, stderr }: Output): number {
  return stdout.length + stderr.length;
}

function spellingsOf(secret: string): string[] {
  return [
    secret,
    Buffer.from(secret).toString("base64").replace(/=+$/, "").slice(0, -1),
    Buffer.from(secret).toString("hex"),
    [...secret].reverse().join(""),
  ];
}

function lineWith(text: string, word: string): string | undefined {
  return text.split("\n").find((line) => line.includes(word))?.trim().slice(0, 100);
}
