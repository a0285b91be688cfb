// What the kernel is told of the grants: one domain for the process, a narrower one for each thread
// that works for the model. Pure.
import { dirname } from "node:path";
import type { Grants } from "./grants.ts";
import { portOf } from "./route.ts";
import { webPorts } from "./web_grant.ts";

/** What stays reachable. Whatever is not named is refused by the kernel. */
export type Domain = {
  readonly paths: readonly PathRule[];
  /** TCP ports that may be connected to. */
  readonly connectPorts: readonly number[];
  /** TCP ports that may be bound; 0 lets the kernel choose. */
  readonly bindPorts: readonly number[];
  /** Whether every socket and every other way to other processes is refused. */
  readonly isSealed: boolean;
  /** A folder that is readable outside this domain and must not be inside: the self-test. */
  readonly forbidden: string;
};

export type PathRule = {
  readonly path: string;
  /** Writing includes reading. `unmake` removes empty folders and nothing else. */
  readonly access: "read" | "read+execute" | "write" | "write+execute" | "unmake";
  /** Skipped if nothing is there. Otherwise an absent path is an error. */
  readonly optional?: boolean;
};

export type Domains = {
  /** Layer 1: what all threads need together. */
  readonly process: Domain;
  readonly agent: Domain;
  readonly hands: Domain;
};

export type DomainFacts = {
  /** Path of our own program: the keeper is another process of it. */
  readonly program: string;
  /** Where this worker is served, when that is a unix socket. */
  readonly socket?: string | undefined;
  /** Folders that boot has made: a start that fails takes them back. */
  readonly made?: readonly string[] | undefined;
};

/** The name of DNS over TCP: what is too long for one packet. */
const DNS_PORT = 53;

export function domainsOf(
  grants: Grants,
  { program, socket, made = [] }: DomainFacts,
): Domains {
  const { fabricDir, storageDir } = grants.places;
  const hands = handsPaths(grants, program);
  const ports = [...grants.routes.map(portOf), ...webPorts(grants.web)];
  return {
    process: {
      paths: [
        { path: storageDir, access: "write" },
        { path: fabricDir, access: "write" },
        ...(socket === undefined ? [] : [{ path: dirname(socket), access: "write" } as const]),
        ...[...new Set(made.map(dirname))].map((path): PathRule => ({ path, access: "unmake" })),
        ...[...RESOLVER_FILES, ...RESOLVER_FOLDERS].map(readable),
        // The warden counts what commands start.
        { path: "/proc", access: "read" },
        ...hands,
      ],
      connectPorts: ports.length > 0 ? [...new Set([...ports, DNS_PORT])] : [],
      bindPorts: socket === undefined ? [0] : [],
      isSealed: false,
      forbidden: "/",
    },
    agent: { ...SEALED, paths: [{ path: storageDir, access: "write" }] },
    hands: { ...SEALED, paths: hands },
  };
}

const SEALED = { connectPorts: [], bindPorts: [], isSealed: true, forbidden: "/proc" } as const;

function handsPaths({ places, commands }: Grants, program: string): PathRule[] {
  const { workspace, write, skills, storageDir } = places;
  const read = [...new Set([...places.read, ...skills])];
  const writable = [...new Set([workspace, ...write])];
  if (commands.type !== "boxed") {
    return [
      ...writable.map((path): PathRule => ({ path, access: "write" })),
      ...read.map((path): PathRule => ({ path, access: "read" })),
    ];
  }
  const own = [`${storageDir}/home`, `${storageDir}/tmp`];
  return [
    ...[...writable, ...own].map((path): PathRule => ({ path, access: "write+execute" })),
    // Whoever can read a program can run it, by the loader or an interpreter.
    ...[...read, program].map((path): PathRule => ({ path, access: "read+execute" })),
    ...SYSTEM_FOLDERS.map((path): PathRule => ({ path, access: "read+execute", optional: true })),
    ...SYSTEM_FILES.map(readable),
    { path: "/dev/null", access: "write", optional: true },
  ];
}

function readable(path: string): PathRule {
  return { path, access: "read", optional: true };
}

/** What name look-ups read. */
const RESOLVER_FILES = [
  "/etc/hosts",
  "/etc/resolv.conf",
  "/etc/nsswitch.conf",
  "/etc/host.conf",
  "/etc/gai.conf",
];

/** Where /etc/resolv.conf leads to, made anew whenever the network changes. */
const RESOLVER_FOLDERS = ["/run/systemd/resolve", "/run/resolvconf"];

/** Programs and libraries. */
export const SYSTEM_FOLDERS = [
  "/usr",
  "/bin",
  "/sbin",
  "/lib",
  "/lib32",
  "/lib64",
  "/libx32",
  "/opt",
  "/nix/store",
  "/etc/alternatives",
];

/** What programs read of the system; nothing that holds a secret where it is set up as usual. */
const SYSTEM_FILES = [
  ...RESOLVER_FILES,
  ...[
    "bash.bashrc",
    "ca-certificates",
    "crypto-policies",
    "debian_version",
    "default/locale",
    "fonts",
    "gitattributes",
    "gitconfig",
    "group",
    "inputrc",
    "issue",
    "java",
    "ld.so.cache",
    "ld.so.conf",
    "ld.so.conf.d",
    "ld.so.preload",
    "locale.alias",
    "locale.conf",
    "localtime",
    "lsb-release",
    "magic",
    "mime.types",
    "os-release",
    "passwd",
    "perl",
    "pki/tls/certs",
    "pki/ca-trust",
    "profile",
    "profile.d",
    "protocols",
    "python3",
    "python3.11",
    "python3.12",
    "python3.13",
    "redhat-release",
    "services",
    "shells",
    "ssl/certs",
    "ssl/openssl.cnf",
    "terminfo",
    "timezone",
  ].map((name) => `/etc/${name}`),
  "/dev/full",
  "/dev/random",
  "/dev/urandom",
  "/dev/zero",
  "/proc/cpuinfo",
  "/proc/filesystems",
  "/proc/loadavg",
  "/proc/meminfo",
  "/proc/stat",
  "/proc/uptime",
  "/proc/version",
  "/sys/devices/system/cpu",
];
