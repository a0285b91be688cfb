// Calls into parts of the kernel that no command needs: each with arguments that do no harm where it
// is let.
import type { AttackCase } from "./attack_case.ts";
import { call, type CallNumber, rawCall } from "./native.ts";
import { bash } from "./steps.ts";

type Arguments = readonly (number | string)[];

const about = { row: 19, layer: "seccomp" } as const;
const ENOUGH = -1;

/** Flags of new namespaces. */
const NAMESPACES: Readonly<Record<string, number>> = {
  mount: 0x20000,
  cgroup: 0x2000000,
  uts: 0x4000000,
  ipc: 0x8000000,
  user: 0x10000000,
  pid: 0x20000000,
  net: 0x40000000,
  time: 0x80,
};

const CALLS: Readonly<Record<string, readonly [CallNumber, ...Arguments]>> = {
  setns: [call(308, 268), ENOUGH, 0],
  mount: [call(165, 40), 0, 0, 0, 0, 0],
  umount2: [call(166, 39), "/no/such/mount", 0],
  pivot_root: [call(155, 41), "/no/such", "/no/such"],
  open_tree: [call(428), ENOUGH, "x", 0],
  open_tree_attr: [call(467), ENOUGH, "x", 0, 0, 0],
  move_mount: [call(429), ENOUGH, "x", ENOUGH, "x", 0],
  fsopen: [call(430), "sheath-no-such", 0],
  fsconfig: [call(431), ENOUGH, 99, 0, 0, 0],
  fsmount: [call(432), ENOUGH, 0, 0],
  fspick: [call(433), ENOUGH, "x", 0],
  mount_setattr: [call(442), ENOUGH, "x", 0, 0, 0],
  chroot: [call(161, 51), "/no/such"],
  bpf: [call(321, 280), 99, 0, 0],
  perf_event_open: [call(298, 241), 0, 0, ENOUGH, ENOUGH, 0],
  keyctl: [call(250, 219), 0, ENOUGH + -2, 0, 0, 0],
  add_key: [call(248, 217), 0, 0, 0, 0, 0],
  request_key: [call(249, 218), 0, 0, 0, 0],
  userfaultfd: [call(323, 282), 1],
  name_to_handle_at: [call(303, 264), ENOUGH, "x", 0, 0, 0],
  open_by_handle_at: [call(304, 265), ENOUGH, 0, 0],
  init_module: [call(175, 105), 0, 0, 0],
  finit_module: [call(313, 273), ENOUGH, 0, 0],
  delete_module: [call(176, 106), 0, 0],
  kexec_load: [call(246, 104), 0, 99, 0, 0xffff],
  reboot: [call(169, 142), 0, 0, 0, 0],
  swapon: [call(167, 224), "/no/such", 0],
  swapoff: [call(168, 225), "/no/such"],
  quotactl: [call(179, 60), 0, 0, 0, 0],
  quotactl_fd: [call(443), ENOUGH, 0, 0, 0],
  settimeofday: [call(164, 170), 1, 0],
  clock_settime: [call(227, 112), 9999, 0],
  clock_adjtime: [call(305, 266), 9999, 0],
  adjtimex: [call(159, 171), 1],
  sethostname: [call(170, 161), 0, ENOUGH],
  setdomainname: [call(171, 162), 0, ENOUGH],
  iopl: [call(172, undefined), 99],
  ioperm: [call(173, undefined), 0, 1, 0],
  syslog: [call(103, 116), 10, 0, 0],
  fanotify_init: [call(300, 262), 0x200, 0],
  lookup_dcookie: [call(212, 18), 0, 0, 0],
};

/** Those of them that any user may call, and that see more than the workspace. */
export const KERNEL_CALL_CASES: readonly AttackCase[] = [
  ...Object.entries(CALLS).map(([name, [number, ...args]]): AttackCase => ({
    ...about,
    name: `the call ${name}`,
    attack: () => [bash(rawCall(number, ...args))],
  })),
  ...Object.entries(NAMESPACES).map(([name, flag]): AttackCase => ({
    ...about,
    name: `a new ${name} namespace`,
    attack: () => [bash(rawCall(call(272, 97), flag))],
  })),
  {
    ...about,
    name: "new namespaces by clone and clone3",
    attack: () => [
      // Without the flag that makes it a thread of ours: the child prints as well.
      bash(rawCall(call(56, 220), 0x10000000 | 17, 0, 0, 0, 0)),
      bash(rawCall(call(435), 1, 8)),
    ],
  },
  {
    ...about,
    name: "unshare, mount and chroot as programs",
    attack: () => [
      bash(
        "unshare --user true && echo REACHED; unshare --net true && echo REACHED; unshare --mount true && echo REACHED; unshare --pid --fork true && echo REACHED; chroot / true && echo REACHED",
      ),
    ],
  },
  {
    ...about,
    layer: "hygiene",
    name: "programs that give rights are let give them",
    attack: () => [
      bash(
        rawCall(call(157, 167), 39, 0, 0, 0, 0).replace(
          "unless $r == -1",
          "unless $r == 1 or $r == -1",
        ).replace("if r != -1", "if r == 0"),
      ),
    ],
  },
  {
    ...about,
    layer: "hygiene",
    name: "sudo, su and pkexec",
    attack: () => [
      bash(
        "sudo -n true && echo REACHED; su -c true </dev/null && echo REACHED; pkexec true </dev/null && echo REACHED",
      ),
    ],
  },
  {
    ...about,
    layer: "hygiene",
    name: "the limit on core files is raised",
    attack: () => [
      bash(
        "ulimit -c unlimited 2>/dev/null && [ $(ulimit -c) = unlimited ] && echo REACHED; [ $(ulimit -Hc) = 0 ] || echo REACHED",
      ),
    ],
  },
];
