// Other processes of the user: their arguments, variables and memory.
import type { AttackCase } from "./attack_case.ts";
import { call, eitherOf, rawCallAt } from "./native.ts";
import { bash, getFileInfo, glob, grep, read } from "./steps.ts";

const PTRACE = call(101, 117);
const PROCESS_VM_READV = call(310, 270);
const PROCESS_VM_WRITEV = call(311, 271);
const PIDFD_OPEN = call(434);
const PIDFD_GETFD = call(438);
const KCMP = call(312, 272);
const PROCESS_MADVISE = call(440);
const MOVE_PAGES = call(279, 239);
const MIGRATE_PAGES = call(256, 238);

const attach = 0x4206; // PTRACE_SEIZE: lets it run on

export const PROCESS_CASES: readonly AttackCase[] = [
  ...(["environ", "cmdline"] as const).flatMap((name): AttackCase[] => [
    {
      name: `Bash reads ${name} of another process`,
      row: 2,
      layer: "landlock",
      attack: ({ decoy }) => [bash(`cat /proc/${decoy()}/${name}`)],
    },
    {
      name: `Read reads ${name} of another process`,
      row: 2,
      layer: "deno",
      attack: ({ decoy }) => [read(`/proc/${decoy()}/${name}`)],
    },
    {
      name: `Grep reads ${name} of another process`,
      row: 2,
      layer: "deno",
      attack: ({ decoy }) => [grep(`/proc/${decoy()}/${name}`)],
    },
  ]),
  {
    name: "Read reads another process through a link made by a command",
    row: 2,
    layer: "deno",
    attack: ({ decoy, folder }) => [
      bash(`ln -s /proc/${decoy()}/environ leak`),
      read(`${folder}/leak`),
      grep(`${folder}/leak`),
    ],
  },
  {
    name: "GetFileInfo and Glob look at other processes",
    row: 2,
    layer: "deno",
    leaked: ({ outputs }) => outputs.some(({ isDone }) => isDone) ? "it was shown" : undefined,
    attack: ({ decoy }) => [getFileInfo(`/proc/${decoy()}`), glob(`/proc/${decoy()}`, "*")],
  },
  {
    name: "ps shows what others were started with",
    row: 2,
    layer: "landlock",
    attack: ({ decoy }) => [bash(`: ${decoy()}; ps auxeww; ps -eo args`)],
  },
  {
    name: "a search of all processes in /proc",
    row: 2,
    layer: "landlock",
    attack: ({ decoy, canary }) => [
      bash(
        `: ${decoy()}; cat /proc/[0-9]*/cmdline /proc/[0-9]*/environ | grep -ao ${
          canary.slice(0, 25)
        }[^[:cntrl:]]*`,
      ),
    ],
  },
  {
    name: "the root and the folder of another process as a way around",
    row: 2,
    layer: "landlock",
    attack: ({ decoy, secret }) => [
      bash(
        `cat /proc/${decoy()}/root${secret} /proc/${decoy()}/cwd${secret} /proc/self/root${secret}`,
      ),
    ],
  },
  {
    name: "ptrace of another process",
    row: 3,
    layer: "seccomp",
    attack: ({ decoy }) => [bash(rawCallAt(PTRACE, attach, decoy(), 0, 0))],
  },
  {
    name: "process_vm_readv and process_vm_writev of another process",
    row: 3,
    layer: "seccomp",
    attack: ({ decoy }) => [
      bash(rawCallAt(PROCESS_VM_READV, decoy(), 0, 0, 0, 0, 0)),
      bash(rawCallAt(PROCESS_VM_WRITEV, decoy(), 0, 0, 0, 0, 0)),
    ],
  },
  {
    name: "/proc/PID/mem of the worker and of another process",
    row: 3,
    layer: "landlock",
    attack: ({ decoy, worker }) => [
      bash(`for p in ${decoy()} ${worker()}; do exec 5<>/proc/$p/mem && echo REACHED; done 2>&1`),
      bash(`head -c1 /proc/${decoy()}/maps >/dev/null && echo REACHED`),
    ],
  },
  {
    name: "Read opens /proc/PID/mem, maps and fd",
    row: 3,
    layer: "deno",
    leaked: ({ outputs }) => outputs.some(({ isDone }) => isDone) ? "it was shown" : undefined,
    attack: ({ decoy }) => [read(`/proc/${decoy()}/maps`), read(`/proc/${decoy()}/fd`)],
  },
  {
    name: "a descriptor of another process is taken",
    row: 3,
    layer: "seccomp",
    attack: ({ decoy }) => [
      bash(eitherOf(
        `my $p = ${decoy()}; my $f = syscall(${PIDFD_OPEN.x86_64}, $p, 0); ` +
          `my $r = syscall(${PIDFD_GETFD.x86_64}, $f, 0, 0); print "REACHED $r\\n" if $r >= 0;`,
        `import ctypes; l = ctypes.CDLL(None); f = l.syscall(434, ${decoy()}, 0); ` +
          `r = l.syscall(438, f, 0, 0); print("REACHED", r) if r >= 0 else None`,
      )),
    ],
  },
  {
    name: "kcmp and process_madvise of another process",
    row: 3,
    layer: "seccomp",
    attack: ({ decoy }) => [
      bash(rawCallAt(KCMP, decoy(), decoy(), 0, 0, 0)),
      bash(rawCallAt(PROCESS_MADVISE, -1, 0, 0, 0, 0)),
    ],
  },
  {
    name: "pages of another process are moved",
    row: 3,
    layer: "landlock",
    attack: ({ decoy }) => [
      bash(rawCallAt(MOVE_PAGES, decoy(), 0, 0, 0, 0, 0)),
      bash(rawCallAt(MIGRATE_PAGES, decoy(), 0, 0, 0)),
    ],
  },
  {
    name: "descriptors that the command inherited",
    row: 3,
    layer: "hygiene",
    attack: () => {
      const look = (before: string) =>
        `${before}${
          eitherOf(
            'for my $fd (3..1023) { my $r = syscall(fcntlnr(), $fd, 1, 0); print "REACHED $fd\\n" if $r >= 0 } sub fcntlnr { 72 }'
              .replace("72", Deno.build.arch === "aarch64" ? "25" : "72"),
            "import os\nfor fd in range(3, 1024):\n  try:\n    os.fstat(fd); print('REACHED', fd)\n  except OSError: pass",
          )
        }`;
      return [{ ...bash(look("")), control: look("exec 7</dev/null; ") }];
    },
  },
];
