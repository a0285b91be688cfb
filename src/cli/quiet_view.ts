// A run for scripts: its result on stdout, what went wrong on stderr, nothing else.
import type { ReceivedFrame } from "../host/client.ts";
import { type ResultOptions, resultText, troubleLine } from "./run_end.ts";
import type { Output, View } from "./view.ts";

export class QuietView implements View {
  readonly activity = undefined;
  readonly #options: ResultOptions;

  constructor(options: ResultOptions) {
    this.#options = options;
  }

  open(): readonly Output[] {
    return [];
  }

  take({ frame }: ReceivedFrame): readonly Output[] {
    if (frame.kind !== "terminal" || frame.status === "suspended") return [];
    return [...resultText(frame, this.#options), ...troubleLine(frame, this.#options)];
  }

  close(): readonly Output[] {
    return [];
  }
}
