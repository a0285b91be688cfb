// One turn of the model, tried again where that is worth it: each further try is told to the host.
import type { Clock } from "../base/clock.ts";
import { type ModelRequest, ProviderError } from "../providers/provider.ts";
import type { Notify } from "./notify.ts";
import { ATTEMPTS, emptyPause, retryPause } from "./retry.ts";
import { takeTurn, type Turn, type TurnOptions } from "./turn.ts";

export type ModelCallDeps = TurnOptions & {
  readonly clock: Clock;
  readonly notify: Notify;
  /** Told of every whole answer, also one that is asked for again. */
  readonly onTurn: (turn: Turn) => void;
  /** Told when the model does not take an effort. */
  readonly onEffortRefused: () => void;
};

/** Rejects with the last failure of the provider, or the abort reason, also while it waits. */
export async function askModel(
  request: ModelRequest,
  deps: ModelCallDeps,
  signal: AbortSignal,
): Promise<Turn> {
  let asked = request;
  for (let attempt = 1;; attempt++) {
    try {
      const turn = await takeTurn(asked, deps, signal);
      deps.onTurn(turn);
      if (!isEmpty(turn)) return turn;
      if (attempt === ATTEMPTS || turn.stop === "max_tokens") throw saidNothing(turn, deps);
      await pause(emptyPause(attempt), "the answer is empty", { deps, attempt, signal });
    } catch (thrown) {
      signal.throwIfAborted();
      if (!(thrown instanceof ProviderError)) throw thrown;
      if (asked.reasoningEffort !== undefined && refusesEffort(thrown)) {
        const title = "Asking the model without reasoning effort";
        const body = thrown.message;
        await deps.notify({ category: "model", priority: "normal", title, body });
        asked = { ...asked, reasoningEffort: undefined };
        deps.onEffortRefused();
        attempt--;
        continue;
      }
      const ms = thrown instanceof EmptyAnswer ? undefined : retryPause(thrown, attempt);
      if (ms === undefined) throw thrown;
      await pause(ms, thrown.message, { deps, attempt, signal });
    }
  }
}

function isEmpty({ text, calls, stop }: Turn): boolean {
  return text.trim() === "" && calls.length === 0 && stop !== "refused";
}

/** Not to be asked for again. */
class EmptyAnswer extends ProviderError {}

function saidNothing({ stop }: Turn, { provider: { name } }: ModelCallDeps): EmptyAnswer {
  const what = stop === "max_tokens"
    ? "the answer was cut off before it said anything (max_tokens)"
    : `the answer is empty, ${ATTEMPTS} times`;
  return new EmptyAnswer(`${name}: ${what}`, { failure: "protocol" });
}

/** Models that do not reason refuse the field by its name. */
function refusesEffort({ failure, param }: ProviderError): boolean {
  return failure === "invalid_request" && /^(reasoning|thinking|output_config)/.test(param ?? "");
}

async function pause(
  ms: number,
  why: string,
  { deps, attempt, signal }: { deps: ModelCallDeps; attempt: number; signal: AbortSignal },
): Promise<void> {
  const when = `in ${(ms / 1000).toFixed(1)} s (try ${attempt + 1} of ${ATTEMPTS})`;
  const title = `Asking the model again ${when}`;
  await deps.notify({ category: "model", priority: "normal", title, body: why });
  await deps.clock.sleep(ms, signal);
}
