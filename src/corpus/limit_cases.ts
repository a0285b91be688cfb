// Commands that take more than they are given. The bounds stand in worker_attack.ts; what is taken here
// does no harm where they do not hold.
import type { AttackCase } from "./attack_case.ts";
import { printsMore, wentOn } from "./judge.ts";
import { bash } from "./steps.ts";

const about = { row: 20, layer: "limits" } as const;
const MIB = 1024 * 1024;
const HOG_MIB = 300;

export const LIMIT_CASES: readonly AttackCase[] = [
  {
    ...about,
    name: "three hundred processes",
    attack: () => [
      bash("for i in $(seq 300); do sleep 3 & done; sleep 2; echo REACHED $(jobs -r | wc -l)"),
    ],
  },
  {
    ...about,
    name: "three hundred processes, each in a session of its own",
    attack: () => [bash("for i in $(seq 300); do setsid -f sleep 3; done; sleep 2; echo REACHED")],
  },
  {
    ...about,
    name: "a tree of processes that doubles",
    attack: () => [
      bash(
        "f() { [ $1 -gt 0 ] && { f $(($1 - 1)) & f $(($1 - 1)) & }; sleep 2.5; }; f 7; echo REACHED",
      ),
    ],
  },
  {
    ...about,
    name: "memory of one process",
    attack: () => [bash(`perl -e 'my $x = "x" x (${HOG_MIB} << 20); sleep 1; print "REACHED\\n"'`)],
  },
  {
    ...about,
    name: "memory of many processes",
    attack: () => [
      bash(
        `for i in 1 2 3 4 5 6; do perl -e 'my $x = "x" x (60 << 20); sleep 3' & done; sleep 2; echo REACHED`,
      ),
    ],
  },
  {
    ...about,
    name: "memory that is shared",
    attack: () => [
      bash(
        `perl -e 'my $p = syscall(${
          Deno.build.arch === "aarch64" ? 222 : 9
        }, 0, ${HOG_MIB} << 20, 3, 0x21, -1, 0); die if $p == -1; my $x = pack("P", "x"); my $q = $p; for (1) { sleep 0 } exit 1' ; python3 -c 'import mmap, time; m = mmap.mmap(-1, ${HOG_MIB} << 20); [m.__setitem__(i, 1) for i in range(0, ${HOG_MIB} << 20, 4096)]; time.sleep(1.5); print("REACHED")'`,
      ),
    ],
  },
  {
    ...about,
    name: "memory in files without a name",
    attack: () => [
      bash(
        `perl -e 'my $n = "x"; my $b = "x" x (1 << 20); for (1..${
          HOG_MIB / 10
        }) { my $fd = syscall(${
          Deno.build.arch === "aarch64" ? 279 : 319
        }, $n, 0); die "$!" if $fd < 0; open(my $f, ">&=", $fd) or die; for (1..10) { syswrite($f, $b) == length $b or die "$!" } push @all, $f } sleep 2; print "REACHED\\n"'`,
      ),
    ],
  },
  {
    ...about,
    name: "200 MB of output in lines",
    leaked: printsMore(2 * MIB),
    attack: () => [bash("yes 0123456789012345678901234567890123456789 | head -c 200000000")],
  },
  {
    ...about,
    name: "200 MB of output in one line, on both streams",
    leaked: printsMore(2 * MIB),
    attack: () => [
      bash(
        "head -c 100000000 /dev/zero | tr '\\0' x; head -c 100000000 /dev/zero | tr '\\0' x >&2",
      ),
    ],
  },
  {
    ...about,
    name: "a large file in the folder for temporary files",
    attack: () => [
      bash(`head -c ${24 * MIB} /dev/zero > $TMPDIR/big && echo REACHED; rm -f $TMPDIR/big`),
    ],
  },
  {
    ...about,
    name: "a large file in the workspace",
    attack: () => [bash(`head -c ${24 * MIB} /dev/zero > big && echo REACHED; rm -f big`)],
  },
  {
    ...about,
    name: "a large file after the limit was lifted",
    attack: () => [
      bash(
        `ulimit -f unlimited; prlimit --fsize=unlimited --pid $$; head -c ${
          24 * MIB
        } /dev/zero > $TMPDIR/big && echo REACHED; rm -f $TMPDIR/big`,
      ),
    ],
  },
  {
    ...about,
    name: "many files that are large together",
    alone: "runs",
    attack: () => [
      bash(
        "for i in $(seq 8); do head -c 10000000 /dev/zero > $TMPDIR/part$i; done; sleep 4; echo REACHED; rm -f $TMPDIR/part*",
      ),
    ],
  },
  {
    ...about,
    name: "fifty thousand small files",
    alone: "runs",
    attack: () => [
      bash(
        "mkdir $TMPDIR/m; cd $TMPDIR/m; perl -e 'for (1..52000) { open(my $f, \">\", $_) }'; sleep 3; echo REACHED",
      ),
    ],
  },
  {
    ...about,
    name: "a large file that was removed and is still open",
    bound: "at level namespace the worker cannot look into the box",
    alone: "runs",
    attack: () => [
      bash(
        "for i in $(seq 8); do exec {fd}>$TMPDIR/gone$i; head -c 10000000 /dev/zero >&$fd; rm $TMPDIR/gone$i; done; sleep 4; echo REACHED",
      ),
    ],
  },
  {
    ...about,
    name: "a command that ignores what ends it",
    leaked: wentOn,
    attack: () => [bash("trap '' TERM INT HUP QUIT; sleep 3.2; sleep 3.2", { timeout: 500 })],
  },
  {
    ...about,
    name: "a command that stops itself",
    leaked: wentOn,
    attack: () => [
      {
        ...bash("kill -STOP $$; sleep 1", { timeout: 500 }),
        control: "(sleep 5.2; kill -CONT $$) & kill -STOP $$",
      },
    ],
  },
  {
    ...about,
    name: "a command whose output nobody ends",
    leaked: wentOn,
    attack: () => [
      { ...bash("setsid sleep 7 & echo done"), control: "sleep 5.1" },
    ],
  },
];
