// The parent's side of one run on a connection: what the worker says, and what is said to it meanwhile.
import { messageOf } from "../core/errors.ts";
import type { FrameLink } from "../links/frame_link.ts";
import { decodeChildFrame } from "../protocol/frames.ts";
import { encodeFrame } from "../protocol/encode.ts";
import type { ChildFrame, ParentFrame, RunFrame, TerminalFrame } from "../protocol/frames.ts";

/** A frame and its text as it came. A synthetic one never crossed the wire: the worker is gone. */
export type ReceivedFrame =
  | { readonly frame: ChildFrame; readonly text: string; readonly isSynthetic: false }
  | { readonly frame: TerminalFrame; readonly text: string; readonly isSynthetic: true };

/** Drives one run. The link stays its holder's, who closes it afterwards. */
export class RunClient {
  readonly #link: FrameLink;
  #goesOn = false;

  constructor(link: FrameLink) {
    this.#link = link;
  }

  /**
   * Starts the run; yields all the worker says up to and with exactly one terminal frame, and one
   * more for each that said `suspended` and was answered before the next frame was asked for.
   */
  run(request: Omit<RunFrame, "kind">): AsyncIterable<ReceivedFrame> {
    this.#send({ kind: "run", ...request });
    return this.#receive();
  }

  /** Asks the worker to end the run; its terminal frame still comes. */
  cancel(): void {
    this.#send({ kind: "cancel" });
  }

  /** Gives the run something more to know. */
  steer(text: string): void {
    this.#send({ kind: "message", text });
  }

  /** Answers the question of a run that is suspended: it goes on. */
  answer(text: string): void {
    this.#goesOn = true;
    this.steer(text);
  }

  /** Answers an approval request. */
  reply(id: string, approved: boolean): void {
    this.#send({ kind: "approval_reply", id, approved });
  }

  async *#receive(): AsyncGenerator<ReceivedFrame> {
    try {
      for await (const text of this.#link.frames) {
        const frame = decodeChildFrame(text);
        yield { frame, text, isSynthetic: false };
        if (frame.kind !== "terminal") continue;
        if (!this.#goesOn) return;
        this.#goesOn = false;
      }
    } catch (thrown) {
      yield synthetic(`worker broke the protocol: ${messageOf(thrown)}`);
      return;
    }
    yield synthetic("worker closed before the run ended");
  }

  #send(frame: ParentFrame): void {
    // A link that is gone ends the frames too, and that is where the run learns of it.
    this.#link.send(encodeFrame(frame))?.catch(() => {});
  }
}

function synthetic(error: string): ReceivedFrame {
  const frame = { kind: "terminal", status: "error", error, reason: "failed" } as const;
  return { frame, text: encodeFrame(frame), isSynthetic: true };
}
