// What files outside are like, without their contents. Landlock does not see these calls: they are
// open at level `kernel`, which says so.
import type { AttackCase } from "./attack_case.ts";
import { call, rawCallAt } from "./native.ts";
import { bash } from "./steps.ts";

const about = { row: 7, layer: "landlock", needs: "namespace" } as const;

const INOTIFY_ADD_WATCH = call(254, 27);
const INOTIFY_INIT1 = call(294, 26);

export const METADATA_CASES: readonly AttackCase[] = [
  {
    ...about,
    name: "size, owner and times of a file outside",
    attack: (
      { secret },
    ) => [bash(`stat -c 'REACHED %s %U' ${secret}; [ -e ${secret} ] && echo REACHED`)],
  },
  {
    ...about,
    name: "the mode of a file outside is changed",
    attack: ({ secret }) => [bash(`chmod 600 ${secret}`)],
  },
  {
    ...about,
    name: "the times of a file outside are changed",
    attack: ({ secret }) => [bash(`touch -c -d 2001-01-01 ${secret}`)],
  },
  {
    ...about,
    name: "the owner of a file outside is changed",
    attack: ({ secret }) => [bash(`chown 12345 ${secret}`)],
  },
  {
    ...about,
    name: "attributes of a file outside are changed",
    attack: ({ secret }) => [
      bash(rawCallAt(call(188, 5), secret, "user.sheath", "x", 1, 0)),
    ],
  },
  {
    ...about,
    name: "where a link outside leads",
    prepare: ({ outside, canary }) => Deno.symlinkSync(canary, `${outside}/link`),
    attack: ({ outside }) => [bash(`readlink ${outside}/link`)],
  },
  {
    ...about,
    name: "what happens in a folder outside is watched",
    attack: ({ outside }) => [
      bash(watchCommand(outside)),
    ],
  },
];

function watchCommand(folder: string): string {
  const init = Deno.build.arch === "aarch64" ? INOTIFY_INIT1.aarch64 : INOTIFY_INIT1.x86_64;
  const add = Deno.build.arch === "aarch64" ? INOTIFY_ADD_WATCH.aarch64 : INOTIFY_ADD_WATCH.x86_64;
  return `perl -e 'my $p = "${folder}\\0"; my $i = syscall(${init}, 0); my $r = syscall(${add}, $i, $p, 0xfff); print "REACHED\\n" if $r >= 0'`;
}
