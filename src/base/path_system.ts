// Whose rules for paths hold here, and what Windows takes for one and the same place: by text alone.
// Links, short names and the letters' case of what is there are the file system's to tell.
import { sep, win32 } from "node:path";

export type PathSystem = "unix" | "windows";

/** Of the machine this runs on. */
export const HERE: PathSystem = sep === "\\" ? "windows" : "unix";

/** The names in a path, without the root. */
export function namesIn(path: string, system: PathSystem = HERE): string[] {
  return path.split(system === "windows" ? /[\\/]/ : "/").filter((name) => name !== "");
}

/** The path of an entry; `folder` is absolute and normalised. */
export function pathOfEntry(folder: string, name: string, system: PathSystem = HERE): string {
  return isRoot(folder, system) ? `${folder}${name}` : `${folder}${SEPARATORS[system]}${name}`;
}

const SEPARATORS = { unix: "/", windows: "\\" } as const;

function isRoot(folder: string, system: PathSystem): boolean {
  return system === "windows" ? folder.endsWith("\\") : folder === "/";
}

/** A path as a pattern of names divided by `/` can be held against it. */
export function withSlashes(path: string, system: PathSystem = HERE): string {
  return system === "windows" ? path.replaceAll("\\", "/") : path;
}

/**
 * Two paths that could be one place have the same text, on Windows whatever their letters' case.
 * For refusals alone: there may be two folders whose names differ in case only.
 */
export function foldedPath(path: string, system: PathSystem = HERE): string {
  return system === "windows" ? foldedCase(path) : path;
}

/** Both ways: some letters have the small letter of another, some the capital. */
export function foldedCase(text: string): string {
  return text.toUpperCase().toLowerCase();
}

/**
 * Why Windows would take the text for another place than it seems to be, or for none; undefined for
 * a plain path, absolute from a drive's letter on or relative.
 */
export function windowsFlaw(path: string): string | undefined {
  const text = path.replaceAll("/", "\\");
  if (text.startsWith("\\\\") || text.startsWith("\\??\\")) {
    return "network and device paths are not to be had, expected one that starts with a drive";
  }
  if (text.startsWith("\\")) return "it has no drive, expected one that starts with C:\\";
  const [, drive, rest = text] = /^([A-Za-z]):(.*)$/s.exec(text) ?? [];
  if (drive !== undefined && !rest.startsWith("\\")) {
    return "it is relative to a drive's own folder, expected one that starts with C:\\";
  }
  if (!path.isWellFormed()) return "it is no well-formed text";
  return namesIn(rest, "windows").map(flawOfName).find((flaw) => flaw !== undefined);
}

/**
 * The absolute, normalised path of a text without flaw, seen from a folder that is; its drive's
 * letter is a capital.
 */
export function resolvedOnWindows(folder: string, path: string): string {
  const resolved = win32.resolve(folder, path);
  return resolved.replace(/^[a-z]:/, (drive) => drive.toUpperCase());
}

/** Names like `GITCON~1` stand for others that may not be there yet. */
export function looksShortened(name: string): boolean {
  return /~\d/.test(name);
}

/** Whatever stands after its first dot. */
export function namesDevice(name: string): boolean {
  return DEVICE.test(name.split(".", 1)[0]?.trimEnd() ?? "");
}

const FORBIDDEN = /["*:<>?|\p{Cc}]/u;
const DEVICE = /^(?:con|prn|aux|nul|clock\$|conin\$|conout\$|(?:com|lpt)[0-9\u00b9\u00b2\u00b3])$/i;

function flawOfName(name: string): string | undefined {
  if (name === "." || name === "..") return undefined;
  if (name.includes(":")) return "a name with : is a stream of a file";
  if (FORBIDDEN.test(name)) return 'no name there has one of < > " | ? * or a control character';
  if (/[. ]$/.test(name)) return "a name that ends in a dot or a space is another without it";
  return namesDevice(name) ? `${JSON.stringify(name)} names a device` : undefined;
}
