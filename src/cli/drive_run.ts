// A started worker, driven to the end of its run: connection, view, signals, exit code.
import { every, systemClock } from "../base/clock.ts";
import { messageOf } from "../core/errors.ts";
import { priceOf } from "../core/prices.ts";
import type { Fabric } from "../fabric/fabric.ts";
import { FileFabric } from "../fabric/file_fabric.ts";
import { pricesOf } from "../grants/budget.ts";
import type { Connection, RecordedDoor, WorkerProcess } from "../host/launch.ts";
import { awaitRecord, levelOf, removeLeftRecord } from "../host/record.ts";
import { questionText, readAnswer } from "../host/question_text.ts";
import type { FrameLink } from "../links/frame_link.ts";
import type { ProvisionSpec } from "../protocol/spec.ts";
import { Approver } from "./approver.ts";
import type { CliEnvironment } from "./environment.ts";
import type { Interrupts } from "./interrupts.ts";
import { JsonView } from "./json_view.ts";
import { LiveView } from "./live_view.ts";
import { QuietView } from "./quiet_view.ts";
import type { RunFlags } from "./run.ts";
import {
  EXIT_CANCELLED,
  exitCodeOf,
  exitCodeOfBoot,
  type ResultOptions,
  troubleLine,
} from "./run_end.ts";
import { Screen } from "./screen.ts";
import { type ShowOptions, showRun } from "./show_run.ts";
import { styleFor } from "./style.ts";
import { TerminalAsker } from "./terminal_asker.ts";
import { userId } from "./user.ts";
import { VERSION } from "./version.ts";
import type { RunAbout, View } from "./view.ts";

const STATUS_MS = 100;

export type DriveOptions = {
  readonly spec: ProvisionSpec;
  readonly assignment: string;
  readonly interrupts: Interrupts;
  readonly flags: RunFlags;
  readonly environment: CliEnvironment;
  /** `systemClock.monotonic()` when the command began. */
  readonly startedAt: number;
};

/**
 * Resolves with the exit code, once worker and record are gone. Rejects when the worker cannot be
 * reached, or nothing be written.
 */
export async function driveRun(worker: WorkerProcess, options: DriveOptions): Promise<number> {
  const { fabric_dir: folder, identity } = options.spec;
  const fabric = new FileFabric({ folder, clock: systemClock, uid: userId() });
  await using stack = new AsyncDisposableStack();
  stack.defer(() => removeLeftRecord(fabric, { id: identity.child_id, pid: worker.pid }));
  stack.use(worker);
  const view = viewFor(options);
  const screen = screenFor(view, options.startedAt);
  const { interrupts } = options;
  heed(interrupts, worker, screen);
  const door = {
    id: identity.child_id,
    fabric,
    token: options.spec.secrets.worker_auth_token,
  };
  const connection = await reach(worker, door, interrupts.cancelled);
  if (connection.type === "cancelled") return EXIT_CANCELLED;
  if (connection.type === "exited") return exitCodeOfBoot(connection.code);
  const link = stack.use(connection.link);
  stack.use(every(STATUS_MS, () => screen.tick()));
  const terminal = await showRun(link, {
    assignment: options.assignment,
    effort: options.flags.effort,
    view,
    screen,
    clock: systemClock,
    startedAt: options.startedAt,
    lookUp: () => lookUp(link, options.spec, fabric),
    ...answering(options, screen),
    unanswered: (frame) =>
      frame.status === "suspended" && !options.flags.json
        ? troubleLine(frame, resultStyle(options))
        : [],
  }, interrupts.cancelled);
  await screen.flush();
  const isCancelled = terminal.status === "suspended" && interrupts.cancelled.aborted;
  return isCancelled || interrupts.killed.aborted ? EXIT_CANCELLED : exitCodeOf(terminal);
}

/** Tells the person what a signal does, and ends the worker at the second. */
function heed({ cancelled, killed }: Interrupts, worker: WorkerProcess, screen: Screen): void {
  const tell = () => note(screen, messageOf(cancelled.reason));
  if (cancelled.aborted) tell();
  cancelled.addEventListener("abort", tell, { once: true });
  killed.addEventListener("abort", () => worker.kill(), { once: true });
}

function note(screen: Screen, line: string): void {
  const text = `sheath: ${line}\n`;
  screen.write([{ to: "stderr", text }]).catch(() => {/* the run's own writing tells it */});
}

/** A worker that is not wanted any more before it could be reached is ended. */
async function reach(
  worker: WorkerProcess,
  door: RecordedDoor,
  signal: AbortSignal,
): Promise<Connection | { readonly type: "cancelled" }> {
  try {
    return await worker.connect(signal, door);
  } catch (thrown) {
    worker.kill();
    if (signal.aborted) return { type: "cancelled" };
    throw thrown;
  }
}

/** Whoever sits at the terminal approves acts and answers questions. */
function answering(
  { flags: { approve: rule }, spec: { capabilities } }: DriveOptions,
  screen: Screen,
): Pick<ShowOptions, "approve" | "answer"> {
  const isAtTerminal = Deno.stdin.isTerminal() && Deno.stderr.isTerminal();
  const asker = isAtTerminal ? new TerminalAsker(Deno.stdin, screen) : undefined;
  const approver = new Approver({ rule, asker, note: (line) => note(screen, line) });
  const why = capabilities.enforce_permissions && !capabilities.bypass
    ? "this run asks before each act that changes something (--ask)"
    : "acts of this kind are asked about in every run";
  const columns = isAtTerminal ? columnsOfTerminal() : Infinity;
  return {
    approve: (body, about, over) => approver.answer(body, { ...about, why, columns }, over),
    answer: async (question, { agentId }, signal) => {
      const text = questionText(question, { agentId, columns });
      return await asker?.askText(text, (line) => readAnswer(question, line), signal);
    },
  };
}

/** A terminal that does not know its width says 0. */
function columnsOfTerminal(): number {
  return Deno.consoleSize().columns || 80;
}

/** The worker publishes its record before it serves; one that is gone has none. */
async function lookUp(link: FrameLink, spec: ProvisionSpec, fabric: Fabric): Promise<RunAbout> {
  const gone = new AbortController();
  link.closed.then(() => gone.abort());
  const id = spec.identity.child_id;
  const record = await awaitRecord(fabric, { id, clock: systemClock }, gone.signal);
  const { model, executor } = spec;
  return {
    version: VERSION,
    agentId: id,
    level: (record && levelOf(record)) ?? "unknown",
    model: executor.kind === "bamboo_runtime" && model
      ? `${model.provider}:${model.model}`
      : executor.kind,
    workspace: workspaceOf(spec),
  };
}

/** The tools' folder (wire: workspace). */
function workspaceOf({ workspace, storage_dir }: ProvisionSpec): string {
  return workspace ?? `${storage_dir}/work`;
}

function resultStyle({ environment: { hasColors } }: DriveOptions): ResultOptions {
  return {
    style: styleFor({ isColored: hasColors && Deno.stderr.isTerminal() }),
    isTerminal: Deno.stdout.isTerminal(),
  };
}

function viewFor(drive: DriveOptions): View {
  const { spec, flags } = drive;
  if (flags.json) return new JsonView();
  const options = resultStyle(drive);
  if (flags.quiet) return new QuietView(options);
  const agentId = spec.identity.child_id;
  const price = spec.model && priceOf(spec.model.model, pricesOf(spec.capabilities));
  return new LiveView({ ...options, agentId, workspace: workspaceOf(spec), price });
}

function screenFor(view: View, startedAt: number): Screen {
  const hasStatus = Deno.stderr.isTerminal() && view.activity !== undefined;
  const seconds = () => ((systemClock.monotonic() - startedAt) / 1000).toFixed(0);
  return new Screen({
    stdout: Deno.stdout,
    stderr: Deno.stderr,
    isShared: Deno.stderr.isTerminal() && Deno.stdout.isTerminal(),
    status: hasStatus
      ? {
        columns: columnsOfTerminal(),
        text: () => `${view.activity} · ${seconds()} s`,
      }
      : undefined,
  });
}
