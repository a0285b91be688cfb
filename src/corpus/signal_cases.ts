// Signals to processes that are not the command's own, and lives that outlast it.
import type { AttackCase } from "./attack_case.ts";
import { BEATING } from "./beats.ts";
import { endsTheWorker, hangs } from "./judge.ts";
import { call, eitherOf, rawCallAt } from "./native.ts";
import { bash } from "./steps.ts";

const about = { row: 20, layer: "landlock" } as const;

/**
 * Numbers of the keeper's threads: those that may be signalled right after its own, before the
 * shell's. The words to follow are done with `$t`. Nothing is done where signals reach the worker:
 * there is no box there that would keep them from the user's other processes.
 */
const eachThread = (worker: number, work: string) =>
  `kill -0 ${worker} 2>/dev/null && { echo REACHED the worker; exit; }; ` +
  `for t in $(seq $((PPID + 1)) $((PPID + 3000))); do [ $t -ge $$ ] && break; kill -0 $t 2>/dev/null && ${work}; done`;

const orphan = `(setsid bash -c '${BEATING}' >/dev/null 2>&1 &); sleep 0.2`;
const twice =
  `perl -e 'exit if fork; exec "setsid", "bash", "-c", q(${BEATING})' >/dev/null 2>&1; sleep 0.2`;

export const SIGNAL_CASES: readonly AttackCase[] = [
  ...(["KILL", "TERM", "HUP", "ABRT"] as const).map((signal): AttackCase => ({
    ...about,
    name: `SIG${signal} to another process of the user`,
    attack: ({ decoy }) => [bash(`kill -${signal} ${decoy()}; sleep 0.1`)],
  })),
  {
    ...about,
    name: "signals to the worker",
    attack: (
      { worker },
    ) => [bash(`for s in 0 CONT USR1 WINCH; do kill -$s ${worker()} && echo REACHED $s; done`)],
  },
  {
    ...about,
    name: "signals to the keeper",
    attack: () => [
      bash(
        "for s in 0 CONT; do kill -$s $PPID && echo REACHED $s; kill -$s -$PPID 2>/dev/null && echo REACHED group; done",
      ),
    ],
  },
  {
    ...about,
    name: "signals to the keeper by the numbers of its threads",
    alone: "runs",
    attack: ({ worker }) => [
      {
        ...bash(eachThread(worker(), "echo REACHED $t")),
        control: "kill -0 $PPID && echo REACHED",
      },
    ],
  },
  {
    ...about,
    name: "the keeper is stopped by the number of a thread, and something outlives it",
    alone: "runs",
    leaked: hangs,
    attack: ({ worker }) => [
      {
        // It goes on after a while, so that no stopped process stays where this is let.
        ...bash(
          `${orphan}; ${
            eachThread(worker(), '{ (setsid bash -c "sleep 6; kill -CONT $t" &); kill -STOP $t; }')
          }; sleep 1`,
        ),
        control: orphan,
      },
    ],
  },
  {
    ...about,
    name: "the keeper is killed by the number of a thread, and something outlives it",
    alone: "runs",
    attack: ({ worker }) => [
      {
        ...bash(`${orphan}; ${eachThread(worker(), "kill -KILL $t")}; sleep 1`),
        control: orphan,
      },
    ],
  },
  {
    ...about,
    name: "a signal by way of a thread, a queue and a process descriptor",
    attack: ({ decoy, worker }) => [
      bash(rawCallAt(call(234, 131), decoy(), decoy(), 0)), // tgkill
      bash(rawCallAt(call(200, 130), worker(), 0)), // tkill
      bash(eitherOf(
        `my $f = syscall(434, ${decoy()}, 0); print "REACHED\\n" if syscall(424, $f, 0, 0, 0) == 0;`,
        `import ctypes; l = ctypes.CDLL(None); f = l.syscall(434, ${decoy()}, 0); print("REACHED") if l.syscall(424, f, 0, 0, 0) == 0 else None`,
      )),
    ],
  },
  {
    ...about,
    name: "a signal by the owner of a pipe",
    attack: ({ decoy }) => [
      bash(
        `perl -e 'use Fcntl; pipe(my $r, my $w); my $pid = ${decoy()}; syscall(${
          Deno.build.arch === "aarch64" ? 25 : 72
        }, fileno($r), 8, $pid); syscall(${
          Deno.build.arch === "aarch64" ? 25 : 72
        }, fileno($r), 10, 9); fcntl($r, F_SETFL, O_ASYNC | O_NONBLOCK); syswrite($w, "x"); select(undef, undef, undef, 0.2);'`,
      ),
    ],
  },
  {
    ...about,
    name: "the priority of another process is lowered",
    attack: ({ decoy }) => [
      bash(`: ${decoy()}; ${rawCallAt(call(141, 140), 0, decoy(), 5)}`), // setpriority
    ],
  },
  {
    ...about,
    name: "the processors of another process are taken away",
    attack: ({ decoy }) => [
      bash(rawCallAt(call(203, 122), decoy(), 8, "\x03\0\0\0\0\0\0\0")), // sched_setaffinity
    ],
  },
  {
    ...about,
    name: "the scheduler's class of another process is changed",
    attack: ({ decoy }) => [
      bash(rawCallAt(call(144, 119), decoy(), 3, "\0\0\0\0")), // sched_setscheduler, SCHED_BATCH
      bash(rawCallAt(call(251, 30), 1, decoy(), 0x4007)), // ioprio_set
    ],
  },
  {
    ...about,
    name: "limits of another process are changed",
    layer: "seccomp",
    attack: (
      { decoy },
    ) => [
      bash(
        `prlimit --pid ${decoy()} --nofile && echo REACHED; ${
          rawCallAt(call(302, 261), decoy(), 7, 0, 0)
        }`,
      ),
    ],
  },
  {
    ...about,
    name: "a process of another session outlives its command",
    attack: () => [bash(orphan)],
  },
  {
    ...about,
    name: "a process that forked twice outlives its command",
    attack: () => [bash(twice)],
  },
  {
    ...about,
    name: "a process that ignores all signals outlives its command",
    attack: () => [
      bash(
        `(setsid bash -c 'trap "" HUP TERM INT QUIT USR1 USR2 PIPE; ${BEATING}' >/dev/null 2>&1 &); nohup true`,
      ),
    ],
  },
  {
    ...about,
    name: "a process that is nobody's child outlives its command",
    attack: () => [
      bash(
        `perl -e 'my $r = syscall(${
          Deno.build.arch === "aarch64" ? 220 : 56
        }, 0x8000 | 17, 0, 0, 0, 0); if ($r == 0) { exec "setsid", "bash", "-c", q(${BEATING}) }' >/dev/null 2>&1; true`,
      ),
    ],
  },
  {
    ...about,
    name: "a process of another session outlives its command beside one in the background",
    alone: "runs",
    attack: () => [
      { ...bash("sleep 60", { run_in_background: true, timeout: undefined }), control: "true" },
      bash(orphan),
      bash("a=$(cat beat); sleep 0.4; [ $a = $(cat beat) ] || echo REACHED"),
    ],
  },
  {
    ...about,
    name: "a process of another session outlives the timeout of its command",
    attack: () => [{ ...bash(`${orphan}; sleep 5`, { timeout: 500 }), control: orphan }],
  },
  {
    ...about,
    name: "a process of another session outlives the killed worker",
    alone: "kill",
    attack: () => [bash(`${orphan}; sleep 20`)],
  },
  {
    ...about,
    name: "a command in the background outlives the killed worker",
    alone: "kill",
    attack: () => [
      {
        ...bash(`setsid bash -c '${BEATING}'`, { run_in_background: true, timeout: undefined }),
        control: `${orphan}; sleep 20`,
      },
      bash("sleep 20"),
    ],
  },
  {
    ...about,
    name: "the keeper's pipes are filled, closed and made non-blocking",
    leaked: endsTheWorker,
    attack: () => [
      {
        ...bash("perl -e 'fcntl(STDOUT, 4, 04000); print \"x\" x 3e6'; exec 1>&- 2>&-; sleep 0.3"),
        control: "echo REACHED",
      },
    ],
  },
  {
    ...about,
    name: "a terminal is opened",
    attack: () => [
      bash("for t in /dev/tty /dev/pts/*; do exec 3<>$t && echo REACHED $t; done 2>&1"),
    ],
  },
];
