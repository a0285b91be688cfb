// What a tool needs to perform in a test: real folders, a session, and short ways to call it.
import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { type Clock, systemClock } from "../../src/base/clock.ts";
import { WorkerError } from "../../src/core/errors.ts";
import type { ToolResult } from "../../src/core/tool_result.ts";
import { ProtectedGuard } from "../../src/tools/protected_guard.ts";
import { SessionFiles } from "../../src/tools/session_files.ts";
import { Shells } from "../../src/tools/shells.ts";
import type { Box } from "../../src/tools/box.ts";
import type { Skills } from "../../src/tools/skills.ts";
import type { HandsTool } from "../../src/tools/tool.ts";
import type { World } from "../../src/tools/world.ts";
import { tempDir } from "../support/temp_dir.ts";
import { FakeBox } from "./fake_box.ts";

export type ToolWorldOptions = {
  /** Where programs run; the default one ends each at once, with 0. */
  readonly box?: Box;
  readonly clock?: Clock;
  readonly skills?: Skills;
};

export class ToolWorld implements AsyncDisposable {
  readonly #dir = tempDir();
  readonly world: World;
  /** What calls have streamed. */
  emitted = "";

  /** `files` are texts by path: in the workspace, or with `../` beside it, outside of all roots. */
  constructor(
    files: Readonly<Record<string, string | Uint8Array>> = {},
    { box = new FakeBox(), clock = systemClock, skills }: ToolWorldOptions = {},
  ) {
    mkdirSync(this.path("."));
    mkdirSync(this.path("../granted"));
    const roots = { workspace: this.path("."), read: [this.path("../granted")], write: [] };
    this.world = {
      roots,
      files: new SessionFiles(roots),
      shells: new Shells({
        box,
        guard: new ProtectedGuard({ roots, clock }),
        clock,
        workspace: roots.workspace,
        shell: "/bin/sh",
        program: "/opt/sheath",
        outputBytes: 1000,
      }),
      skills,
      sessionId: "session-1",
      clock,
      emit: (text) => void (this.emitted += text),
    };
    for (const [name, content] of Object.entries(files)) this.put(name, content);
  }

  /** A path in the workspace. */
  path(name: string): string {
    return join(this.#dir.path, "workspace", name);
  }

  put(name: string, content: string | Uint8Array): string {
    const path = this.path(name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, content);
    return path;
  }

  link(name: string, target: string): void {
    mkdirSync(dirname(this.path(name)), { recursive: true });
    symlinkSync(target, this.path(name));
  }

  call(
    tool: HandsTool,
    args: Readonly<Record<string, unknown>>,
    signal: AbortSignal = new AbortController().signal,
  ): Promise<ToolResult> {
    return tool.perform(args, this.world, signal);
  }

  /** The text of a call that succeeds. */
  async text(tool: HandsTool, args: Readonly<Record<string, unknown>>): Promise<string> {
    const { success, result } = await this.call(tool, args);
    if (!success) throw new Error(`Expected success, got: ${result}`);
    return result;
  }

  /** The line of a call that is refused; paths are shown from the test's folder on. */
  async refusal(tool: HandsTool, args: Readonly<Record<string, unknown>>): Promise<string> {
    try {
      const { result } = await this.call(tool, args);
      throw new TypeError(`Expected a refusal, got: ${result}`);
    } catch (thrown) {
      if (!(thrown instanceof WorkerError)) throw thrown;
      return `${thrown.fault}: ${thrown.message.replaceAll(this.#dir.path, "")}`;
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.world.shells?.close();
    await this.#dir[Symbol.asyncDispose]();
  }
}
