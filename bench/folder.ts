// What one measurement leaves on the disk: a home, and a folder to work in; gone afterwards.

/** Disposing it removes the folder and all in it. */
export class Folder implements Disposable {
  readonly path: string;

  /** In `parent`, or where the system keeps temporary files. */
  constructor(parent?: string) {
    this.path = Deno.makeTempDirSync({ prefix: "sheath-bench-", ...(parent && { dir: parent }) });
    Deno.mkdirSync(this.workspace);
  }

  /** Empty; beside the home, for no agent should get its own state to work in. */
  get workspace(): string {
    return `${this.path}/work`;
  }

  /** The variables of a user whose home it is, and no others. */
  get variables(): Record<string, string> {
    const home = `${this.path}/home`;
    return {
      PATH: Deno.env.get("PATH") ?? "",
      HOME: home,
      TMPDIR: this.path,
      XDG_CONFIG_HOME: `${home}/.config`,
      XDG_STATE_HOME: `${home}/.local/state`,
    };
  }

  [Symbol.dispose](): void {
    Deno.removeSync(this.path, { recursive: true });
  }
}
