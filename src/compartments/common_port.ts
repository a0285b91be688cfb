// What the ports of all compartments share: the first questions, and values beyond JSON.
import * as z from "zod";
import type { Side } from "./port.ts";

export const portEnd = z.custom<MessagePort>((value) => value instanceof MessagePort);

export const paths = z.readonly(z.array(z.string()));

export const nothing = z.void();

/** What the warden asks every thread. */
export const common = {
  /** Answered when the thread has loaded and tried what must fail: names of what did. */
  ready: { params: z.null(), result: z.object({ refused: paths }) },
  ping: { params: z.null(), result: nothing },
} satisfies Side["calls"];

/** The side of somebody who is asked nothing. */
export const silent = { calls: {}, notices: {} } satisfies Side;
