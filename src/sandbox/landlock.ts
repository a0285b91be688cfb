// Landlock for the calling thread: what of the file system and which TCP ports stay reachable.
// It binds this thread and everything it starts later, for good; a second call can only narrow.
// Not covered: stat, chmod and the like, UDP, unix sockets with a path, what is open already.
import type { Domain, PathRule } from "../grants/domain.ts";
import { cString, type LockLibc } from "./libc.ts";

/** The first ABI with TCP rules: below it the level is not to be had. */
export const LEAST_ABI = 4;
/** The first that holds signals and abstract sockets inside. */
export const SCOPES_ABI = 6;
/** The newest whose rights are known here. */
const NEWEST_ABI = 7;

const EXECUTE = 1n << 0n;
const WRITE_FILE = 1n << 1n;
const READ_FILE = 1n << 2n;
const READ_DIR = 1n << 3n;
const REMOVE_DIR = 1n << 4n;
const MAKE_CHAR = 1n << 6n;
const MAKE_BLOCK = 1n << 11n;
const TRUNCATE = 1n << 14n;
const IOCTL_DEV = 1n << 15n;
const FILE_RIGHTS = EXECUTE | WRITE_FILE | READ_FILE | TRUNCATE | IOCTL_DEV;
const BIND_TCP = 1n << 0n;
const CONNECT_TCP = 1n << 1n;
const SCOPE_ABSTRACT_UNIX = 1n << 0n;
const SCOPE_SIGNAL = 1n << 1n;
const RULE_PATH_BENEATH = 1;
const RULE_NET_PORT = 2;

// The same numbers on every architecture.
const SYS_CREATE_RULESET = 444n;
const SYS_ADD_RULE = 445n;
const SYS_RESTRICT_SELF = 446n;
const CREATE_RULESET_VERSION = 1;

const O_PATH = 0o10000000;
const O_CLOEXEC = 0o2000000;
const O_DIRECTORY = Deno.build.arch === "aarch64" ? 0o40000 : 0o200000;

/** The kernel's Landlock ABI; 0 when Landlock is absent or off. */
export function landlockAbi(libc: LockLibc): number {
  const abi = libc.landlock_create_ruleset(SYS_CREATE_RULESET, null, 0n, CREATE_RULESET_VERSION);
  return Math.max(0, Number(abi));
}

/**
 * Narrows the calling thread to the domain. Needs no_new_privs.
 * @throws if anything is refused: then nothing may start.
 */
export function applyLandlock(libc: LockLibc, { paths, connectPorts, bindPorts }: Domain): void {
  const abi = Math.min(landlockAbi(libc), NEWEST_ABI);
  if (abi < LEAST_ABI) throw new Error(`Landlock ABI is ${abi}, expected at least ${LEAST_ABI}`);
  // struct landlock_ruleset_attr: u64 file rights, u64 ports (ABI 4), u64 scopes (ABI 6)
  const handled = new BigUint64Array([
    fileRights(abi),
    BIND_TCP | CONNECT_TCP,
    SCOPE_ABSTRACT_UNIX | SCOPE_SIGNAL,
  ]);
  restrict(libc, handled.subarray(0, abi >= SCOPES_ABI ? 3 : 2), (ruleset) => {
    for (const rule of paths) addPath(libc, { ruleset, abi, rule });
    addPorts(libc, { ruleset, right: BIND_TCP, ports: bindPorts });
    addPorts(libc, { ruleset, right: CONNECT_TCP, ports: connectPorts });
  });
}

/**
 * Puts the calling thread into a domain of its own that forbids no file: what it starts can no
 * longer signal whoever is outside of it.
 * @throws below ABI 6.
 */
export function applySignalScope(libc: LockLibc): void {
  restrict(libc, new BigUint64Array([0n, 0n, SCOPE_SIGNAL]), () => {});
}

function restrict(
  libc: LockLibc,
  handled: BigUint64Array<ArrayBuffer>,
  fill: (ruleset: number) => void,
): void {
  const size = BigInt(handled.byteLength);
  const ruleset = Number(libc.landlock_create_ruleset(SYS_CREATE_RULESET, handled, size, 0));
  if (ruleset < 0) throw failure("landlock_create_ruleset");
  try {
    fill(ruleset);
    if (libc.landlock_restrict_self(SYS_RESTRICT_SELF, ruleset, 0) !== 0n) {
      throw failure("landlock_restrict_self");
    }
  } finally {
    libc.close(ruleset);
  }
}

/** Every right this ABI knows: what is not handled would stay allowed. */
function fileRights(abi: number): bigint {
  return (1n << (abi >= 5 ? 16n : 15n)) - 1n;
}

function addPath(
  libc: LockLibc,
  { ruleset, abi, rule: { path, access, optional = false } }: {
    readonly ruleset: number;
    readonly abi: number;
    readonly rule: PathRule;
  },
): void {
  if (!path.startsWith("/") || path.includes("\0")) {
    throw new TypeError(`Cannot allow "${path}": not an absolute path`);
  }
  const name = cString(path);
  let rights = rightsOf(access, abi);
  let fd = libc.open(name, O_PATH | O_CLOEXEC | O_DIRECTORY);
  if (fd < 0) {
    fd = libc.open(name, O_PATH | O_CLOEXEC);
    rights &= FILE_RIGHTS; // rights on folders are an error on a file
  }
  if (fd < 0 && optional) return;
  if (fd < 0) throw failure(`open ${path}`);
  try {
    // struct landlock_path_beneath_attr, packed: u64 rights, i32 fd
    const attributes = new DataView(new ArrayBuffer(12));
    attributes.setBigUint64(0, rights, true);
    attributes.setInt32(8, fd, true);
    const bytes = new Uint8Array(attributes.buffer);
    const result = libc.landlock_add_rule(SYS_ADD_RULE, ruleset, RULE_PATH_BENEATH, bytes, 0);
    if (result !== 0n) throw failure(`landlock_add_rule ${path}`);
  } finally {
    libc.close(fd);
  }
}

function rightsOf(access: PathRule["access"], abi: number): bigint {
  const read = READ_FILE | READ_DIR;
  const write = fileRights(abi) & ~(EXECUTE | MAKE_CHAR | MAKE_BLOCK);
  switch (access) {
    case "read":
      return read;
    case "read+execute":
      return read | EXECUTE;
    case "write":
      return write;
    case "write+execute":
      return write | EXECUTE;
    case "unmake":
      return REMOVE_DIR;
  }
}

function addPorts(
  libc: LockLibc,
  { ruleset, right, ports }: {
    readonly ruleset: number;
    readonly right: bigint;
    readonly ports: readonly number[];
  },
): void {
  for (const port of ports) {
    const attributes = new BigUint64Array([right, BigInt(port)]);
    const result = libc.landlock_add_rule(SYS_ADD_RULE, ruleset, RULE_NET_PORT, attributes, 0);
    if (result !== 0n) throw failure(`landlock_add_rule port ${port}`);
  }
}

function failure(what: string): Error {
  return new Error(`Cannot restrict this thread: ${what} failed`);
}
