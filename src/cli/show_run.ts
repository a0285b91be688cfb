// One run over a link, from the run frame to its terminal frame: shown, and answered for.
import type { Clock } from "../base/clock.ts";
import { RunClient } from "../host/client.ts";
import { type AskedQuestion, readQuestion } from "../host/question_text.ts";
import type { FrameLink } from "../links/frame_link.ts";
import type { ChildFrame, TerminalFrame } from "../protocol/frames.ts";
import type { Effort } from "./efforts.ts";
import { Refusals } from "./refusals.ts";
import type { Screen } from "./screen.ts";
import type { Output, RunAbout, View } from "./view.ts";

export type ShowOptions = {
  readonly assignment: string;
  readonly effort?: Effort | undefined;
  readonly view: View;
  readonly screen: Screen;
  readonly clock: Clock;
  /** `clock.monotonic()` when the command began. */
  readonly startedAt: number;
  /** What is known of the worker; waited for before its first frame is shown. */
  readonly lookUp: () => Promise<RunAbout>;
  /** The answer to what a suspended run asks; undefined when nobody gives one. */
  readonly answer: (
    question: AskedQuestion,
    about: RunAbout,
    signal: AbortSignal,
  ) => Promise<string | undefined>;
  /** Told in one line why the run did not complete, when only the question says it. */
  readonly unanswered: (terminal: TerminalFrame) => readonly Output[];
  /** Whether an approval request is granted; an abort means that nobody waits any more. */
  readonly approve: (body: unknown, about: RunAbout, signal: AbortSignal) => Promise<boolean>;
};

type ApprovalRequestFrame = Extract<ChildFrame, { kind: "approval_request" }>;

/**
 * Resolves with the run's one terminal frame; an abort asks the worker to end the run, and its
 * terminal frame still comes. Rejects when what is to be shown cannot be written.
 */
export async function showRun(
  link: FrameLink,
  options: ShowOptions,
  signal: AbortSignal,
): Promise<TerminalFrame> {
  const client = new RunClient(link);
  const over = new AbortController();
  const cancel = () => client.cancel();
  const { assignment, effort: reasoning_effort } = options;
  const frames = client.run({ assignment, reasoning_effort });
  if (signal.aborted) cancel();
  signal.addEventListener("abort", cancel, { once: true });
  try {
    return await show(frames, options, {
      onRequest({ id, body }, about) {
        const reply = (isApproved: boolean) => client.reply(id, isApproved);
        options.approve(body, about, over.signal).then(reply, () => reply(false));
      },
      async goOn(question, about) {
        const text = await options.answer(question, about, signal).catch(() => undefined);
        if (text !== undefined) client.answer(text);
        return text !== undefined;
      },
    });
  } finally {
    over.abort();
    signal.removeEventListener("abort", cancel);
  }
}

type Handlers = {
  readonly onRequest: (request: ApprovalRequestFrame, about: RunAbout) => void;
  /** Whether the question was answered, so that the run goes on. */
  readonly goOn: (question: AskedQuestion, about: RunAbout) => Promise<boolean>;
};

async function show(
  frames: ReturnType<RunClient["run"]>,
  { view, screen, clock, startedAt, lookUp, unanswered }: ShowOptions,
  { onRequest, goOn }: Handlers,
): Promise<TerminalFrame> {
  const about = await lookUp();
  const refusals = new Refusals(about.workspace);
  let question: AskedQuestion | undefined;
  await screen.write(view.open(about));
  for await (const received of frames) {
    await screen.write(view.take(received));
    const { frame } = received;
    refusals.take(frame);
    if (frame.kind === "approval_request") onRequest(frame, about);
    question = readQuestion(frame) ?? question;
    if (frame.kind !== "terminal") continue;
    if (frame.status === "suspended" && question && await goOn(question, about)) continue;
    await screen.write(unanswered(frame));
    await screen.write(view.close((clock.monotonic() - startedAt) / 1000));
    await screen.write(refusals.report());
    return frame;
  }
  throw new TypeError("A run ended without a terminal frame");
}
