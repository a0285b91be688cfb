// System calls that reach around files and sockets, with their numbers: the table behind seccomp.
// Numbers from the kernel's tables of each architecture (linux 6.18).

export type Architecture = "x86_64" | "aarch64";

/** Null where the architecture has no such call. */
export type CallNumbers = Readonly<Record<Architecture, number | null>>;

function call(x86_64: number | null, aarch64: number | null = x86_64): CallNumbers {
  return { x86_64, aarch64 };
}

/**
 * Refused in the whole process and in every command: other processes' memory, sockets made by
 * io_uring, programs in the kernel, its keys, new namespaces and mounts, file handles, the machine.
 */
export const REFUSED_CALLS: Readonly<Record<string, CallNumbers>> = {
  ptrace: call(101, 117),
  process_vm_readv: call(310, 270),
  process_vm_writev: call(311, 271),
  process_madvise: call(440),
  pidfd_getfd: call(438),
  kcmp: call(312, 272),
  io_uring_setup: call(425),
  io_uring_enter: call(426),
  io_uring_register: call(427),
  bpf: call(321, 280),
  perf_event_open: call(298, 241),
  userfaultfd: call(323, 282),
  add_key: call(248, 217),
  request_key: call(249, 218),
  keyctl: call(250, 219),
  unshare: call(272, 97),
  setns: call(308, 268),
  mount: call(165, 40),
  umount2: call(166, 39),
  move_mount: call(429),
  open_tree: call(428),
  fsopen: call(430),
  fsconfig: call(431),
  fsmount: call(432),
  fspick: call(433),
  mount_setattr: call(442),
  pivot_root: call(155, 41),
  chroot: call(161, 51),
  open_by_handle_at: call(304, 265),
  name_to_handle_at: call(303, 264),
  init_module: call(175, 105),
  finit_module: call(313, 273),
  delete_module: call(176, 106),
  kexec_load: call(246, 104),
  kexec_file_load: call(320, 294),
  swapon: call(167, 224),
  swapoff: call(168, 225),
  reboot: call(169, 142),
  acct: call(163, 89),
  quotactl: call(179, 60),
  settimeofday: call(164, 170),
  clock_settime: call(227, 112),
  adjtimex: call(159, 171),
  clock_adjtime: call(305, 266),
  sethostname: call(170, 161),
  setdomainname: call(171, 162),
  iopl: call(172, null),
  ioperm: call(173, null),
  syslog: call(103, 116),
  vhangup: call(153, 58),
  quotactl_fd: call(443),
  open_tree_attr: call(467),
  file_setattr: call(469),
  fanotify_init: call(300, 262),
  fanotify_mark: call(301, 263),
  migrate_pages: call(256, 238),
  move_pages: call(279, 239),
  process_mrelease: call(448),
};

/**
 * Refused besides where the model is heard and in every command: what reaches other processes
 * without a file. socketpair(2) stays: it reaches nobody else.
 */
export const REACHING_CALLS: Readonly<Record<string, CallNumbers>> = {
  socket: call(41, 198),
  shmget: call(29, 194),
  shmat: call(30, 196),
  shmctl: call(31, 195),
  msgget: call(68, 186),
  msgsnd: call(69, 189),
  msgrcv: call(70, 188),
  msgctl: call(71, 187),
  semget: call(64, 190),
  semop: call(65, 193),
  semctl: call(66, 191),
  semtimedop: call(220, 192),
  mq_open: call(240, 180),
  mq_unlink: call(241, 181),
  // A thread of the keeper could be meant: see shieldFilter().
  pidfd_send_signal: call(424),
  // Memory that no process's size shows.
  memfd_create: call(319, 279),
  memfd_secret: call(447),
};

export const CLONE: CallNumbers = call(56, 220);
export const CLONE3: CallNumbers = call(435);
export const IOCTL: CallNumbers = call(16, 29);

export type ArgumentRule = { readonly numbers: CallNumbers; readonly argument: 0 | 1 };

/** Calls that change any process by its number, and the caller by 0: only 0 is let. */
export const SELF_ONLY_CALLS: Readonly<Record<string, ArgumentRule>> = {
  prlimit64: { numbers: call(302, 261), argument: 0 },
  sched_setparam: { numbers: call(142, 118), argument: 0 },
  sched_setscheduler: { numbers: call(144, 119), argument: 0 },
  sched_setattr: { numbers: call(314, 274), argument: 0 },
  sched_setaffinity: { numbers: call(203, 122), argument: 0 },
  setpriority: { numbers: call(141, 140), argument: 1 },
  ioprio_set: { numbers: call(251, 30), argument: 1 },
};

/** Calls that send a signal to a thread by its number, or get hold of it for that. */
export const SIGNAL_CALLS: Readonly<Record<string, ArgumentRule>> = {
  kill: { numbers: call(62, 129), argument: 0 },
  tkill: { numbers: call(200, 130), argument: 0 },
  tgkill: { numbers: call(234, 131), argument: 1 },
  rt_sigqueueinfo: { numbers: call(129, 138), argument: 0 },
  rt_tgsigqueueinfo: { numbers: call(297, 240), argument: 1 },
  pidfd_open: { numbers: call(434), argument: 0 },
};

/** ioctl(2) requests: typing into a terminal, and flags that make a file unchangeable. */
export const REFUSED_REQUESTS: Readonly<Record<string, number>> = {
  TIOCSTI: 0x5412,
  TIOCLINUX: 0x541c,
  FS_IOC_SETFLAGS: 0x40086602,
  FS_IOC32_SETFLAGS: 0x40046602,
  FS_IOC_FSSETXATTR: 0x401c5820,
  FS_IOC_ENABLE_VERITY: 0x40806685,
};
