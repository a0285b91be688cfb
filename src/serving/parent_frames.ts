// The host's frames out of the texts of a link; what does not parse is counted, told once, and ignored.
import { messageOf } from "../core/errors.ts";
import type { FrameLink } from "../links/frame_link.ts";
import { decodeParentFrame } from "../protocol/frames.ts";
import type { ParentFrame } from "../protocol/frames.ts";

/** Ends with the link. */
export async function* readParentFrames(
  link: FrameLink,
  log: (text: string) => void,
): AsyncGenerator<ParentFrame> {
  let ignored = 0;
  for await (const text of link.frames) {
    const frame = readFrame(text, (why) => {
      if (ignored++ === 0) log(`Ignored a frame of the host: ${why}`);
    });
    if (frame !== undefined) yield frame;
  }
  if (ignored > 1) log(`Ignored ${ignored} frames of the host in all`);
}

function readFrame(text: string, ignore: (why: string) => void): ParentFrame | undefined {
  try {
    return decodeParentFrame(text);
  } catch (error) {
    ignore(messageOf(error));
    return undefined;
  }
}
