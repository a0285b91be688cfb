// Places on a machine that a command must not destroy or write to unasked: by their names alone.
import { posix } from "node:path";

const SYSTEM_FOLDERS = new Set([
  "Applications",
  "Library",
  "System",
  "bin",
  "boot",
  "dev",
  "etc",
  "lib",
  "lib32",
  "lib64",
  "proc",
  "sbin",
  "sys",
  "usr",
  "var",
]);

/** Themselves only: what lies deep in them may go. */
const SHARED_FOLDERS = new Set(["Users", "home", "media", "mnt", "opt", "root", "srv", "tmp"]);

const HARMLESS_DEVICE =
  /^\/dev\/(null|zero|full|random|urandom|tty|stdin|stdout|stderr|fd\/\d+|shm\/.+)$/;
const TEMPORARY = /^\/var\/tmp\/./;
const PRIVATE = /(^|\/)(\.ssh|\.gnupg|\.aws|\.kube|\.netrc|\.git-credentials)(\/|$)/;

/** Whether the loss of this folder is the loss of a machine, a home or all of the work. */
export function isProtectedRoot(target: string): boolean {
  const path = normal(target);
  const [first = "", ...rest] = path.replace(/^\//, "").split("/");
  if (path.startsWith("~")) return rest.length === 0 || (rest.length === 1 && isWild(rest[0]));
  if (!path.startsWith("/")) return /^(\.|\.\.)(\/\.\.)*$/.test(path) || isWild(first);
  if (first === "" || /[*?[{]/.test(first) || isSystemPath(path)) return true;
  if (!SHARED_FOLDERS.has(first)) return rest.length === 0;
  return rest.length === 0 || isWild(rest[0]) || isHome(first, rest);
}

/** As `isProtectedRoot`, for a walk that picks what it deletes: the folder it works in is fair. */
export function isProtectedStart(target: string): boolean {
  return normal(target) !== "." && isProtectedRoot(target);
}

/** Whether it belongs to the system, or is a device that is not harmless. */
export function isSystemPath(target: string): boolean {
  const path = posix.normalize(target);
  if (HARMLESS_DEVICE.test(path) || TEMPORARY.test(path)) return false;
  const absolute = path.replace(/^(\.\.\/)+/, "/");
  return absolute.startsWith("/") && SYSTEM_FOLDERS.has(absolute.split("/")[1] ?? "");
}

/** Whether its rights matter to more than the work at hand. */
export function isSensitivePath(target: string): boolean {
  return isSystemPath(target) || isProtectedStart(target) || PRIVATE.test(normal(target));
}

/** No system opens a longer one. */
const MAX_PATH = 4096;

/** `$HOME` is `~`, and neither a final slash nor "all in it" makes another place. */
function normal(target: string): string {
  if (target.length > MAX_PATH) return "/";
  const named = target
    .replace(/^\$(HOME\b|\{HOME\})/, "~")
    .replace(/^\$(PWD\b|\{PWD\})/, ".")
    .replace(/^~\+/, ".");
  const path = posix.normalize(named).replace(/(\/(\*+|\.\*))+$/, "/");
  return path.length > 1 ? path.replace(/\/$/, "") : path;
}

function isWild(component = ""): boolean {
  return /^[*?.]*[*?][*?.]*$/.test(component);
}

function isHome(first: string, rest: readonly string[]): boolean {
  return (first === "home" || first === "Users") && rest.length === 1;
}
