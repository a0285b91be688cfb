// Tells the host how full the context is: with each request, and when it gets tight.
import type { AgentEvent } from "../core/event.ts";
import type { Message } from "../core/message.ts";
import type { ModelUsage } from "../providers/provider.ts";
import {
  budgetUsage,
  type ContextWindow,
  percentOf,
  type Pressure,
  pressureOf,
  type TakenOut,
} from "./context_window.ts";
import { isSummary } from "./conversation.ts";
import type { TokenGauge } from "./token_gauge.ts";

export type ContextTellerOptions = {
  readonly gauge: TokenGauge;
  readonly window: ContextWindow;
  readonly emit: (event: AgentEvent) => Promise<void>;
};

export class ContextTeller {
  readonly #options: ContextTellerOptions;
  #pressure: Pressure = "none";

  constructor(options: ContextTellerOptions) {
    this.#options = options;
  }

  /** Of one request; `answered` is what the model counted for it. */
  async tellUsage(
    prompt: readonly Message[],
    { takenOut, answered }: {
      readonly takenOut: TakenOut;
      readonly answered: ModelUsage | undefined;
    },
  ): Promise<void> {
    const { gauge, window, emit } = this.#options;
    const tokensOf = (wanted: (message: Message) => boolean) =>
      gauge.tokensOf(prompt.filter(wanted));
    const isSystem = ({ role }: Message) => role === "system";
    const tokens = {
      system: tokensOf(isSystem) + gauge.toolTokens,
      summary: tokensOf(isSummary),
      window: tokensOf((message) => !isSystem(message) && !isSummary(message)),
    };
    const usage = budgetUsage(tokens, window, { takenOut, answered });
    await emit({ type: "token_budget_updated", usage });
  }

  /** Once for each level, until the context is below it again. */
  async tellPressure(prompt: readonly Message[]): Promise<void> {
    const { gauge, window, emit } = this.#options;
    const tokens = gauge.tokensOf(prompt) + gauge.toolTokens;
    const level = pressureOf(tokens, window);
    const before = this.#pressure;
    this.#pressure = level;
    if (level === "none" || level === before || before === "critical") return;
    const percent = percentOf(tokens, window.contextTokens);
    const message = `The context is ${percent} % full: ${tokens} of ${window.contextTokens} tokens`;
    await emit({ type: "context_pressure_notification", percent, level, message });
  }
}
