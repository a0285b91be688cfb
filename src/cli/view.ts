// The contract of how a run is shown. Members: live_view, quiet_view, json_view.
import type { ReceivedFrame } from "../host/client.ts";

/** Pure but for what it remembers of the frames before: what is to be written comes back as data. */
export interface View {
  /** Once, as soon as the worker is known. */
  open(about: RunAbout): readonly Output[];
  /** Each frame, in order, up to and with the terminal; what is asked by one that is suspended is not told. */
  take(received: ReceivedFrame): readonly Output[];
  /** Once, after the terminal. `seconds` since the command began. */
  close(seconds: number): readonly Output[];
  /** What is going on now, on one line of plain text; undefined for a view that tells nothing. */
  readonly activity: string | undefined;
}

export type Output = { readonly to: "stdout" | "stderr"; readonly text: string };

export type RunAbout = {
  readonly version: string;
  readonly agentId: string;
  /** The level in force, as the worker's record tells it. */
  readonly level: string;
  /** `provider:model`, or what runs instead of one. */
  readonly model: string;
  /** Folder of the tools. */
  readonly workspace: string;
};
