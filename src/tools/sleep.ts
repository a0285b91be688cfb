// Sleep: waits.
import * as z from "zod";
import { readInput } from "./input.ts";
import type { HandsTool } from "./tool.ts";

const MAX_SECONDS = 300;

const seconds = z.number().check(
  z.refine((value: number) => value >= 0 && value <= MAX_SECONDS, {
    error: ({ input }) => `expected seconds from 0 to ${MAX_SECONDS}, got ${String(input)}`,
  }),
  z.describe(`How long to wait, in seconds; from 0 to ${MAX_SECONDS}.`),
);

const input = z.object({
  seconds,
  reason: z.optional(z.string().check(z.describe("What is being waited for, in a few words."))),
});

export const sleepTool: HandsTool = {
  name: "Sleep",
  runs: "hands",
  description:
    `Waits for up to ${MAX_SECONDS} seconds, for example for a server to start or a build to \
finish. Do not use it to wait for your own tool calls: those have ended when you see their result.`,
  input,
  arguments: "repaired",
  prepare(raw) {
    readInput(input, raw);
    return { mutating: false, needs: [] };
  },
  async perform(raw, { clock }, signal) {
    const { seconds, reason } = readInput(input, raw);
    await clock.sleep(seconds * 1000, signal);
    const why = reason === undefined ? "" : `: ${reason}`;
    return { success: true, result: `Slept ${seconds} s${why}`, display_preference: null };
  },
};
