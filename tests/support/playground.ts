// The folders of one test, all under one that is removed at its end.
import { mkdirSync, mkdtempSync, readdirSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

export class Playground implements Disposable {
  readonly root: string;
  /** Made, and filled with the files given. */
  readonly workspace: string;
  /** The program's TMPDIR: made, and empty. */
  readonly tmp: string;
  /** Made, and empty; so are state and runtime, the folders for XDG variables. */
  readonly home: string;
  readonly state: string;
  readonly runtime: string;
  /** Not made: that is a worker's to do. */
  readonly fabric: string;
  readonly storage: string;

  /** `files` are the workspace's: contents by relative path. */
  constructor(files: Readonly<Record<string, string>> = {}) {
    this.root = realpathSync(mkdtempSync(join(tmpdir(), "sheath-test-")));
    const folder = (name: string) => join(this.root, name);
    this.workspace = folder("workspace");
    this.tmp = folder("tmp");
    this.home = folder("home");
    this.state = folder("state");
    this.runtime = folder("runtime");
    this.fabric = folder("fabric");
    this.storage = folder("storage");
    for (const path of [this.workspace, this.tmp, this.home, this.state]) mkdirSync(path);
    mkdirSync(this.runtime, { mode: 0o700 });
    for (const [name, content] of Object.entries(files)) this.write(name, content);
  }

  /** A path in the workspace. */
  path(name: string): string {
    return join(this.workspace, name);
  }

  /** Puts a file into the workspace, with the folders it needs, and returns its path. */
  write(name: string, content: string): string {
    const path = this.path(name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, content);
    return path;
  }

  /** All that the program gets of an environment: its folders and where programs are. */
  get variables(): Record<string, string> {
    return {
      PATH: "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
      HOME: this.home,
      TMPDIR: this.tmp,
      XDG_STATE_HOME: this.state,
      XDG_RUNTIME_DIR: this.runtime,
    };
  }

  [Symbol.dispose](): void {
    rmSync(this.root, { recursive: true, force: true });
  }
}

/** Relative paths of everything under a folder but empty folders; none if it does not exist. */
export function filesUnder(folder: string): readonly string[] {
  try {
    return readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => !entry.isDirectory())
      .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
      .sort();
  } catch {
    return [];
  }
}
