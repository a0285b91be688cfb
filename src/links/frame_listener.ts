// The contract of a place where peers connect. Members: web socket, unix.
import type { FrameLink } from "./frame_link.ts";

/** Takes connections from its creation on: peers that come early wait. */
export interface FrameListener extends AsyncDisposable {
  /** Where peers connect: `ws://127.0.0.1:<port>` or a socket's path. */
  readonly endpoint: string;
  /** Links that are ready to carry frames, for one reader; ends when the listener is closed. */
  accept(): AsyncIterable<FrameLink>;
  /** Takes no more, and ends the links that nobody has accepted. Harmless when closed already. */
  close(): Promise<void>;
}
