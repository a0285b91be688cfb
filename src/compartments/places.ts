// Where a worker's folders lie: looked up without a trace first, made only when boot is sure.
import {
  accessSync,
  constants,
  lstatSync,
  mkdirSync,
  realpathSync,
  rmSync,
  type Stats,
  statSync,
  writeFileSync,
} from "node:fs";
import { basename, dirname, isAbsolute, join, normalize } from "node:path";
import { HERE, looksShortened, windowsFlaw } from "../base/path_system.ts";
import { messageOf, WorkerError } from "../core/errors.ts";
import { STORAGE_MARKER } from "../fabric/storage_gc.ts";
import type { Places } from "../grants/machine.ts";
import type { ProvisionSpec } from "../protocol/spec.ts";

/** Where a worker's storage lies when the spec does not say. */
export function defaultStorageRoot(tmp: string): string {
  return join(tmp, "bamboo-subagents");
}

/**
 * Finds out where everything is, as the file system spells it, and makes nothing.
 * @throws WorkerError `bad_input` naming the field whose place cannot be used.
 */
export function findPlaces(spec: ProvisionSpec, tmp: string): Places {
  const storage = spec.storage_dir ?? join(defaultStorageRoot(tmp), spec.identity.child_id);
  const storageDir = ownFolder("storage_dir", storage);
  const { read = [], write = [] } = spec.capabilities.sandbox ?? {};
  return {
    fabricDir: ownFolder("fabric_dir", spec.fabric_dir),
    storageDir,
    workspace: spec.workspace === undefined
      ? join(storageDir, "work")
      : existing("workspace", spec.workspace, "folder"),
    read: read.map((path) => existing("capabilities.sandbox.read", path)),
    write: write.map((path) => existing("capabilities.sandbox.write", path)),
    skills: skillFolders(spec, storageDir),
  };
}

/** Those that are there: a host may name a folder that it fills one day. */
function skillFolders({ capabilities }: ProvisionSpec, storageDir: string): string[] {
  const { skills_dir: given, skills } = capabilities;
  const field = given === undefined ? "storage_dir" : "capabilities.skills_dir";
  const folder = (given ?? join(storageDir, "skills")).replace(/(?<=.)\/+$/, "");
  const folders = [...(skills?.mode === undefined ? [] : [`${folder}-${skills.mode}`]), folder];
  return folders.flatMap((path) => {
    if (lookAt(path) === undefined) return [];
    // Ours is written by this worker alone, and never leads elsewhere.
    return [given === undefined ? ownFolder(field, path) : existing(field, path, "folder")];
  });
}

export type MadePlaces = {
  /** Every folder that was not there before. */
  readonly made: readonly string[];
  /** Takes them back, for a boot that fails later. */
  readonly undo: () => void;
};

/**
 * Makes the private folders of record and storage, and the tools' own folder where there is no
 * workspace.
 * @throws WorkerError `bad_input` naming the field of the folder that cannot be written; nothing
 * is left then.
 */
export function makePlaces(
  { fabricDir, storageDir, workspace }: Places,
  { hasCommands }: { readonly hasCommands: boolean },
): MadePlaces {
  const made: string[] = [];
  const undo = () => made.splice(0).reverse().forEach((path) => rmSync(path, { recursive: true }));
  try {
    made.push(...makePrivate("fabric_dir", fabricDir));
    const storage = makePrivate("storage_dir", storageDir);
    made.push(...storage);
    if (storage.length > 0) writeFileSync(join(storageDir, STORAGE_MARKER), "");
    if (dirname(workspace) === storageDir) made.push(...makePrivate("storage_dir", workspace));
    if (hasCommands) made.push(...makeCommandFolders(storageDir));
    return { made, undo };
  } catch (thrown) {
    undo();
    throw thrown;
  }
}

/** Commands' own home and temporary folder. */
function makeCommandFolders(storageDir: string): string[] {
  const home = join(storageDir, "home");
  const made = [home, join(storageDir, "tmp")].flatMap((path) => makePrivate("storage_dir", path));
  if (made.includes(home)) writeFileSync(join(home, ".gitconfig"), GIT_CONFIG);
  return made;
}

/** So that a commit has an author: the user's own configuration is out of reach. */
const GIT_CONFIG = "[user]\n\tname = sheath agent\n\temail = agent@sheath.invalid\n";

/** The outermost folder that had to be made, if any. */
function makePrivate(field: string, path: string): string[] {
  try {
    const made = mkdirSync(path, { recursive: true, mode: 0o700 });
    accessSync(path, constants.W_OK | constants.X_OK);
    return made === undefined ? [] : [made];
  } catch (thrown) {
    throw new WorkerError("bad_input", `${field}: cannot write "${path}": ${messageOf(thrown)}`);
  }
}

/** A folder that the worker itself writes: never reached by a link, ours if it is there. */
function ownFolder(field: string, path: string): string {
  demandPlain(field, path);
  const found = lookAt(path);
  if (found?.isSymbolicLink()) {
    throw new WorkerError("bad_input", `${field}: "${path}" is a symbolic link, expected a folder`);
  }
  if (found && !found.isDirectory()) {
    throw new WorkerError("bad_input", `${field}: "${path}" is a file, expected a folder`);
  }
  return realPathOfNew(field, normalize(path));
}

/**
 * The real spelling of a path whose last parts may not exist yet.
 * @throws WorkerError `bad_input` naming `field`.
 */
export function realPathOfNew(field: string, path: string): string {
  const missing: string[] = [];
  for (let at = withoutEnd(path);; at = dirname(at)) {
    if (lookAt(at)) {
      const real = join(realPath(field, at), ...missing);
      demandPlain(field, real); // a drive's letter may stand for a place in a network
      if (HERE === "windows" && missing.some(looksShortened)) throw shortened(field, path);
      return real;
    }
    if (dirname(at) === at) return realPath(field, at); // which throws
    missing.unshift(basename(at));
  }
}

function withoutEnd(path: string): string {
  if (HERE === "windows") return path.replace(/(?<=[^:])\\+$/, "");
  return path.replace(/\/+$/, "") || "/";
}

function shortened(field: string, path: string): WorkerError {
  const line = `${field}: "${path}" has a name that could be the short form of another, ` +
    "expected long names";
  return new WorkerError("bad_input", line);
}

/** What Windows would take for another place than it seems to be, or for none. */
function demandPlain(field: string, path: string): void {
  const flaw = HERE === "windows" ? windowsFlaw(path) : undefined;
  if (flaw !== undefined) throw new WorkerError("bad_input", `${field}: "${path}": ${flaw}`);
}

function existing(field: string, path: string, kind: "folder" | "any" = "any"): string {
  demandPlain(field, path);
  if (!isAbsolute(path)) {
    throw new WorkerError(
      "bad_input",
      `${field}: "${path}" is relative, expected an absolute path`,
    );
  }
  const real = realPath(field, path);
  demandPlain(field, real);
  if (kind === "folder" && !statSync(real).isDirectory()) {
    throw new WorkerError("bad_input", `${field}: "${path}" is a file, expected a folder`);
  }
  return real;
}

function realPath(field: string, path: string): string {
  try {
    return realpathSync(path);
  } catch {
    throw new WorkerError("bad_input", `${field}: "${path}" does not exist`);
  }
}

/** Undefined for what is not there, also because a file stands where a folder should. */
function lookAt(path: string): Stats | undefined {
  try {
    return lstatSync(path, { throwIfNoEntry: false });
  } catch {
    return undefined;
  }
}
