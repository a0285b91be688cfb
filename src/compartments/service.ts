// A booted worker at work: the cage, the listener, the record, and one way out whatever happens.
import { join } from "node:path";
import { AuditLog } from "../audit/audit_file.ts";
import { sha256 } from "../audit/entry.ts";
import { systemClock } from "../base/clock.ts";
import { toWorkerError, WorkerError } from "../core/errors.ts";
import { formatTimestamp } from "../core/timestamp.ts";
import { createEchoExecutor } from "../executors/echo.ts";
import type { Executor } from "../executors/executor.ts";
import { FileFabric } from "../fabric/file_fabric.ts";
import { holdLease } from "../fabric/lease.ts";
import type { Grants } from "../grants/grants.ts";
import { mayHaveSkills, refusedTools } from "../grants/refused_tools.ts";
import type { FrameListener } from "../links/frame_listener.ts";
import { listenUnix } from "../links/unix_link.ts";
import { listenWebSocket } from "../links/ws_server.ts";
import { serveOneShot } from "../serving/one_shot.ts";
import { RequestIds } from "../serving/request_ids.ts";
import { serveReusable } from "../serving/reusable.ts";
import { AuditedExecutor } from "./audited.ts";
import type { AgentPart } from "./agent_port.ts";
import type { Boot } from "./boot.ts";
import { type CageOptions, startCage } from "./cage.ts";
import { watchOwner } from "./owner.ts";
import type { Threads } from "./thread.ts";

export type ServiceOptions = {
  /** `import.meta.url` of the program's entry file. */
  readonly entry: string;
  readonly version: string;
  /** Serve on a unix socket at this path instead of a loopback port. */
  readonly socket?: string | undefined;
  /** Takes one line for people. */
  readonly log: (line: string) => void;
  /** Undefined for executors without a model. */
  readonly threads: Threads | undefined;
};

/** Between two connections (wire: limits.idle_timeout_secs). */
const IDLE_SECS = 300;

/** What the warden itself never needs again once everything stands. */
const REVOKED = ["run", "net", "ffi", "env", "sys"] as const;

/** Resolves when the worker is done, was signalled or lost its owner; rejects when it failed. */
export async function serveWorker(boot: Boot, options: ServiceOptions): Promise<void> {
  let undo: (() => void) | undefined = boot.undo;
  const ending = new AbortController();
  const end = (why: WorkerError) => ending.abort(why);
  const fail = (thrown: unknown) => end(toWorkerError(thrown));
  await using stack = new AsyncDisposableStack();
  stack.defer(() => undo?.());
  // A keeper that was killed keeps nothing any more: what it ran is still inside our domain.
  stack.defer(() => boot.kernel?.endAll());
  stack.use(watchOwner(boot.ownerPid, (why) => end(new WorkerError("cancelled", why))));
  const log = openAudit(boot);
  stack.defer(() => closeAudit(log, ending.signal));
  const onEgress = egressTeller(log, fail);
  const starting = startExecutor(boot, { options, stack, end, onEgress });
  starting.catch(() => {/* awaited below, unless something else fails first */});
  // While the threads load.
  const listener = stack.use(listen(boot, options));
  const { executor, selfTests } = await starting;
  logStart(log, boot, selfTests);
  const fabric = new FileFabric({
    folder: boot.grants.places.fabricDir,
    clock: systemClock,
    uid: Deno.uid() ?? 0,
  });
  const card = cardOf(boot, { endpoint: listener.endpoint, version: options.version });
  const lease = { fabric, clock: systemClock, onLost: end, onTrouble: options.log };
  stack.use(await holdLease(card, lease));
  undo = undefined;
  for (const name of REVOKED) Deno.permissions.revokeSync({ name });
  await fabric.gc().catch(() => {/* garbage that stays does no harm */});
  const audited = new AuditedExecutor(executor, { log, clock: systemClock, fail });
  await serve(listener, { boot, executor: audited, log: options.log }, ending.signal);
}

/** @throws WorkerError when nothing can be written. */
function openAudit({ spec, grants }: Boot): AuditLog {
  const folder = join(grants.places.fabricDir, "audit");
  return AuditLog.open({ folder, id: spec.identity.child_id, clock: systemClock });
}

/** Says what holds before anybody is served. */
function logStart(log: AuditLog, { spec, grants }: Boot, selfTests: readonly string[]): void {
  log.write("start", {
    spec_sha256: sha256(JSON.stringify({ ...spec, secrets: {} })),
    level: grants.level,
    missing: grants.missing,
    grants,
    self_tests: selfTests.map((name) => ({ name, passed: true })),
  });
}

/** What cannot be logged must not go on. */
function egressTeller(log: AuditLog, fail: (thrown: unknown) => void): CageOptions["onEgress"] {
  return (egress) => {
    try {
      log.write("egress", egress);
    } catch (thrown) {
      fail(thrown);
    }
  };
}

function closeAudit(log: AuditLog, ending: AbortSignal): void {
  try {
    const reason = ending.aborted ? { reason: toWorkerError(ending.reason).message } : {};
    log.write("end", reason);
  } catch {
    // It failed before, and that has ended the worker.
  }
  log.close();
}

type Starting = {
  readonly options: ServiceOptions;
  readonly stack: AsyncDisposableStack;
  readonly end: (why: WorkerError) => void;
  readonly onEgress: CageOptions["onEgress"];
};

type Started = {
  readonly executor: Executor;
  /** Names of what was tried and refused in every compartment. */
  readonly selfTests: readonly string[];
};

/** The echo executor runs here and starts no compartment. */
async function startExecutor(boot: Boot, starting: Starting): Promise<Started> {
  const { options, stack, end, onEgress } = starting;
  const { selfTests } = boot;
  const { spec, grants, provider, routes, commands, kernel } = boot;
  const { threads } = options;
  if (provider === undefined) {
    return { executor: createEchoExecutor({ clock: systemClock }), selfTests };
  }
  // Never an echo in the place of a model.
  if (threads === undefined) throw new TypeError("Expected the threads of a worker with a model");
  const { places: { workspace, storageDir, read, write }, approvals, limits } = grants;
  const cage = stack.use(
    await startCage({
      threads,
      grants,
      routes,
      commands,
      kernel,
      onEgress,
      agent: {
        sessionPrefix: spec.identity.child_id,
        provider: {
          protocol: provider.protocol,
          name: provider.name,
          model: spec.model?.model ?? "",
          script: spec.capabilities.script,
        },
        roots: { workspace, read, write },
        storageDir,
        os: Deno.build.os,
        disabledTools: grants.disabledTools,
        refusedTools: refusedTools(grants),
        mayHaveSkills: mayHaveSkills(grants),
        shell: approvals.enforced ? readShell(options.entry) : undefined,
        policy: approvals,
        modelLimits: modelLimitsOf(spec),
        answersPauses: spec.capabilities.answer_pauses ?? false,
        maxRounds: limits.maxRounds,
        runTimeoutMs: limits.runTimeoutMs,
      },
    }),
  );
  cage.died.then(end);
  return { executor: cage.executor, selfTests: [...selfTests, ...cage.selfTests] };
}

function modelLimitsOf({ capabilities: { model_limits: wish } }: Boot["spec"]) {
  return { contextTokens: wish?.context_tokens, outputTokens: wish?.output_tokens };
}

/** Part of the compiled program; from source there is none, and every command is asked about. */
function readShell(entry: string): AgentPart["shell"] {
  if (!Deno.build.standalone) return undefined;
  const read = (name: string) => Deno.readFileSync(new URL(name, entry));
  return { core: read("./shell_core.bin"), language: read("./shell_language.bin") };
}

function listen({ kernel, spec }: Boot, { socket }: ServiceOptions): FrameListener {
  if (socket !== undefined) return listenUnix(socket, { clock: systemClock });
  return listenWebSocket({
    clock: systemClock,
    token: spec.secrets.worker_auth_token,
    // Where the system cannot tell whose a connection is, a spec's token is the one guard.
    isAllowedPeer: (remote, local) => kernel?.isAllowedPeer(remote, local) ?? true,
  });
}

function cardOf(
  { spec, grants }: Boot,
  { endpoint, version }: { readonly endpoint: string; readonly version: string },
): Parameters<typeof holdLease>[0] {
  return {
    agent_id: spec.identity.child_id,
    role: spec.identity.role,
    labels: labelsOf(grants),
    endpoint,
    pid: Deno.pid,
    version,
    started_at: formatTimestamp(systemClock.now()),
  };
}

/** What is in force, and what the spec took out of it. */
function labelsOf({ level, commands }: Grants): string[] {
  const unconfined = commands.type === "unconfined" ? ["commands=unconfined"] : [];
  return [`sandbox=${level}`, ...unconfined];
}

type Serving = {
  readonly boot: Boot;
  readonly executor: Executor;
  readonly log: (line: string) => void;
};

/** Resolves when the worker is done, was signalled or lost its owner; rejects when it failed. */
async function serve(
  listener: FrameListener,
  { boot: { spec }, executor, log }: Serving,
  signal: AbortSignal,
): Promise<void> {
  const options = { executor, clock: systemClock, requestIds: new RequestIds(), log };
  const idleTimeoutMs = (spec.limits.idle_timeout_secs ?? IDLE_SECS) * 1000;
  try {
    await (spec.reusable
      ? serveReusable(listener, { ...options, idleTimeoutMs }, signal)
      : serveOneShot(listener, options, signal));
  } catch (thrown) {
    if (toWorkerError(thrown).fault !== "cancelled") throw thrown;
  }
}
