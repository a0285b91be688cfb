// Says the assignment back, word by word (wire: Echo). Starts nothing, needs no model; also a test's worker.
import type { Clock } from "../base/clock.ts";
import type { Outcome } from "../core/outcome.ts";
import type { Executor, RunIo, RunRequest } from "./executor.ts";

const CANCELLED: Outcome = { status: "cancelled" };
/** Others get their turn this often: a cancel has to be seen while words fly. */
const TURN_MS = 20;
const MAX_U64 = 2n ** 64n - 1n;

export function createEchoExecutor(options: { readonly clock: Clock }): Executor {
  return { run: (request, io, signal) => echo({ ...options, request, io }, signal) };
}

type Echo = { readonly clock: Clock; readonly request: RunRequest; readonly io: RunIo };

async function echo({ clock, request, io }: Echo, signal: AbortSignal): Promise<Outcome> {
  const { words, delayMs } = readAssignment(request.assignment);
  if (delayMs > 0 && !await isSlept(delayMs, clock, signal)) return CANCELLED;
  let turnBegan = clock.monotonic();
  for (const word of words) {
    if (signal.aborted) return CANCELLED;
    await io.emit({ type: "token", content: `${word} ` });
    if (clock.monotonic() - turnBegan < TURN_MS) continue;
    if (!await isSlept(0, clock, signal)) return CANCELLED;
    turnBegan = clock.monotonic();
  }
  if (signal.aborted) return CANCELLED;
  await io.emit({ type: "complete" });
  return { status: "completed", result: `echo: ${words.join(" ")}` };
}

/** Only the first `__sleep_ms:<u64>` counts; what looks alike is an ordinary word. */
function readAssignment(
  assignment: string,
): { readonly words: readonly string[]; readonly delayMs: number } {
  const words = assignment.split(/\p{White_Space}+/u).filter((word) => word !== "");
  const at = words.findIndex((word) => delayOf(word) !== undefined);
  const delayMs = delayOf(words[at] ?? "") ?? 0;
  return { words: words.filter((_, index) => index !== at), delayMs };
}

function delayOf(word: string): number | undefined {
  const [, digits] = word.match(/^__sleep_ms:\+?0*(\d{1,20})$/) ?? [];
  return digits !== undefined && BigInt(digits) <= MAX_U64 ? Number(digits) : undefined;
}

/** False if the run was cancelled before or meanwhile. */
async function isSlept(ms: number, clock: Clock, signal: AbortSignal): Promise<boolean> {
  try {
    await clock.sleep(ms, signal);
    return true;
  } catch {
    return false;
  }
}
