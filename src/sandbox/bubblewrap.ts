// The namespaces of level `namespace`, by bubblewrap: whether it works here, and the command line
// that puts a program into its own file tree, processes and network.
import { lstatSync, readlinkSync } from "node:fs";
import type { Domain, PathRule } from "../grants/domain.ts";
import { messageOf } from "../core/errors.ts";

export type Bubblewrap =
  | { readonly type: "works"; readonly program: string }
  | { readonly type: "missing"; readonly why: string };

const PROGRAMS = ["/usr/bin/bwrap", "/usr/local/bin/bwrap", "/bin/bwrap"];

/** Everything of its own: users, processes, network, names, System V objects, control groups. */
const ISOLATION = ["--unshare-all", "--die-with-parent", "--new-session"];

/** Synchronous, and the one sure way to know: it is tried. */
export function probeBubblewrap(): Bubblewrap {
  const program = PROGRAMS.find((path) => lstatSync(path, { throwIfNoEntry: false })?.isFile());
  if (program === undefined) {
    return { type: "missing", why: "bubblewrap is not installed (package bubblewrap)" };
  }
  try {
    const { success, stderr } = new Deno.Command(program, {
      args: [...ISOLATION, "--ro-bind", "/", "/", "--proc", "/proc", "--dev", "/dev", "true"],
      clearEnv: true,
      stdin: "null",
      stdout: "null",
    }).outputSync();
    if (success) return { type: "works", program };
    const [line = ""] = new TextDecoder().decode(stderr).split("\n");
    return { type: "missing", why: `bubblewrap cannot make namespaces here: ${line}` };
  } catch (thrown) {
    return { type: "missing", why: `bubblewrap cannot be started: ${messageOf(thrown)}` };
  }
}

export type NamespaceOptions = {
  /** Path of bubblewrap. */
  readonly program: string;
  /** What of the files is to be seen, and how. */
  readonly domain: Domain;
  /** Folder that stands where programs look for `/tmp`. */
  readonly tmp: string;
  /** Existing names below writable folders that are to be read-only. */
  readonly protectedPaths: readonly string[];
};

/** The words to put before a program and its arguments. */
export function namespaceCommand(options: NamespaceOptions): string[] {
  const links = options.domain.paths.flatMap(({ path }) => {
    const link = linkAt(path);
    return link === undefined ? [] : [[path, link] as const];
  });
  return [options.program, ...ISOLATION, ...mounts(options, new Map(links))];
}

/** Parents come before what lies in them: each mount covers what was there. Pure. */
export function mounts(
  { domain, tmp, protectedPaths }: NamespaceOptions,
  links: ReadonlyMap<string, string>,
): string[] {
  const rules = domain.paths
    .filter(({ path }) => !/^\/(?:dev|proc)(?:\/|$)/.test(path))
    .toSorted((a, b) => (a.path < b.path ? -1 : 1));
  return [
    "--proc",
    "/proc",
    "--dev",
    "/dev",
    ...["--bind", tmp, "/tmp"],
    ...rules.flatMap((rule) => mountOf(rule, links.get(rule.path))),
    ...protectedPaths.flatMap((path) => ["--ro-bind", path, path]),
    "--chdir",
    "/",
    "--",
  ];
}

function mountOf({ path, access }: PathRule, link: string | undefined): string[] {
  if (link !== undefined) return ["--symlink", link, path];
  const isWritable = access === "write" || access === "write+execute";
  return [isWritable ? "--bind-try" : "--ro-bind-try", path, path];
}

/** Where a link of the system's leads; undefined for anything else. */
function linkAt(path: string): string | undefined {
  return lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink()
    ? readlinkSync(path)
    : undefined;
}
