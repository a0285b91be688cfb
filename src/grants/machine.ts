// What a machine can enforce and where things lie on it: found out by sandbox/, data here.
import type { Level } from "./level.ts";

export type Machine = {
  readonly os: string;
  /** The strongest level this machine and this build reach. */
  readonly level: Level;
  /** Why no stronger level is in force, one line each. */
  readonly missing: readonly string[];
  /** Whether the kernel layers keep signals inside (Landlock ABI 6). */
  readonly holdsSignals: boolean;
  /** Why commands cannot be boxed here; undefined when they can. */
  readonly unboxed: string | undefined;
  /** Folders and files no tool may reach whatever a spec says: our binary, our state. */
  readonly reserved: readonly ReservedPlace[];
};

export type ReservedPlace = { readonly name: string; readonly path: string };

/** The folders a spec names, as the file system spells them: absolute, links resolved. */
export type Places = {
  readonly fabricDir: string;
  readonly storageDir: string;
  /** The tools' own folder: the workspace, or work/ in the storage folder. */
  readonly workspace: string;
  readonly read: readonly string[];
  readonly write: readonly string[];
  /** Folders of skills that are there, strongest first; those of the workspace are not among them. */
  readonly skills: readonly string[];
};
