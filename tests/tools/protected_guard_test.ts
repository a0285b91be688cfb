import { strict as assert } from "node:assert";
import { execFileSync } from "node:child_process";
import {
  chmodSync,
  existsSync,
  linkSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  renameSync,
  rmSync,
  symlinkSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { dirname, join, relative } from "node:path";
import { ProtectedGuard } from "../../src/tools/protected_guard.ts";
import type { Restored } from "../../src/tools/protected_restore.ts";
import { FakeClock } from "../support/fake_clock.ts";
import { tempDir } from "../support/temp_dir.ts";

/** A repository with one commit, a folder it may be written in beside it, and a guard over both. */
class Ground implements AsyncDisposable {
  readonly #dir = tempDir();
  readonly guard: ProtectedGuard;

  /** `ageMs` is how old all files look to the guard. */
  constructor({ ageMs = 60_000, files = {} }: {
    readonly ageMs?: number;
    readonly files?: Readonly<Record<string, string>>;
  } = {}) {
    mkdirSync(this.path("../granted"), { recursive: true });
    mkdirSync(this.path("../outside"), { recursive: true });
    mkdirSync(this.path("."));
    this.git("init", "--quiet");
    this.put("a.txt", "one\n");
    this.put(".git/hooks/pre-push", "#!/bin/sh\n", 0o755);
    for (const [name, text] of Object.entries(files)) this.put(name, text);
    this.git("add", "a.txt");
    this.git("-c", "user.name=n", "-c", "user.email=e", "commit", "--quiet", "-m", "one");
    const roots = { workspace: this.path("."), read: [], write: [this.path("../granted")] };
    this.guard = new ProtectedGuard({ roots, clock: new FakeClock(Date.now() + ageMs) });
  }

  path(name: string): string {
    return join(this.#dir.path, "ws", name);
  }

  put(name: string, text: string, mode = 0o644): void {
    mkdirSync(dirname(this.path(name)), { recursive: true });
    rmSync(this.path(name), { force: true });
    writeFileSync(this.path(name), text, { mode });
  }

  text(name: string): string {
    return readFileSync(this.path(name), "utf8");
  }

  git(...args: readonly string[]): string {
    const env = { PATH: "/usr/bin:/bin", HOME: this.path("../outside") };
    return execFileSync("git", [...args], { cwd: this.path("."), env, encoding: "utf8" });
  }

  /** Does what a command does, and returns what was put back: paths, `!` before what could not be. */
  during(work: () => void): string[] {
    this.guard.before();
    work();
    return this.names(this.guard.after());
  }

  names(restored: readonly Restored[]): string[] {
    return restored.map(({ path, isRestored }) =>
      `${isRestored ? "" : "!"}${relative(this.path("."), path)}`
    ).toSorted();
  }

  /** Everything in the protected places: path, kind, mode and content. */
  state(): readonly string[] {
    const entries: string[] = [];
    const walk = (name: string) => {
      const path = this.path(name);
      const info = lstatSync(path, { throwIfNoEntry: false });
      if (!info) return;
      const mode = (info.mode & 0o7777).toString(8);
      if (info.isSymbolicLink()) entries.push(`${name} -> ${readlinkSync(path)}`);
      else if (info.isFile()) entries.push(`${name} ${mode} ${readFileSync(path, "latin1")}`);
      else {
        entries.push(`${name}/ ${mode}`);
        for (const below of readdirSync(path).sort()) walk(`${name}/${below}`);
      }
    };
    for (const name of [".git/hooks", ".git/config", ".git/info", ".vscode", "../granted"]) {
      walk(name);
    }
    return entries;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#dir[Symbol.asyncDispose]();
  }
}

type Case = readonly [
  name: string,
  command: (ground: Ground) => void,
  restored: readonly string[],
];

const CHANGES: readonly Case[] = [
  ["writes a new hook", (g) => g.put(".git/hooks/pre-commit", "evil"), [".git/hooks/pre-commit"]],
  ["changes a hook", (g) => writeFileSync(g.path(".git/hooks/pre-push"), "evil"), [
    ".git/hooks/pre-push",
  ]],
  ["replaces a hook by one as long, with its times", (g) => {
    const { atime, mtime } = lstatSync(g.path(".git/hooks/pre-push"));
    g.put(".git/hooks/pre-push", "#!/bin/ev\n", 0o755);
    utimesSync(g.path(".git/hooks/pre-push"), atime, mtime);
  }, [".git/hooks/pre-push"]],
  ["makes a sample executable", (g) => chmodSync(g.path(".git/hooks/pre-commit.sample"), 0o777), [
    ".git/hooks/pre-commit.sample",
  ]],
  ["removes a hook", (g) => rmSync(g.path(".git/hooks/pre-push")), [".git/hooks/pre-push"]],
  ["removes all hooks", (g) => rmSync(g.path(".git/hooks"), { recursive: true }), [".git/hooks"]],
  ["empties the folder of hooks", (g) => {
    for (const name of readdirSync(g.path(".git/hooks"))) rmSync(g.path(`.git/hooks/${name}`));
    writeFileSync(g.path(".git/hooks/x"), "");
  }, [
    ".git/hooks/applypatch-msg.sample",
    ".git/hooks/commit-msg.sample",
    ".git/hooks/fsmonitor-watchman.sample",
    ".git/hooks/post-update.sample",
    ".git/hooks/pre-applypatch.sample",
    ".git/hooks/pre-commit.sample",
    ".git/hooks/pre-merge-commit.sample",
    ".git/hooks/pre-push",
    ".git/hooks/pre-push.sample",
    ".git/hooks/pre-rebase.sample",
    ".git/hooks/pre-receive.sample",
    ".git/hooks/prepare-commit-msg.sample",
    ".git/hooks/push-to-checkout.sample",
    ".git/hooks/update.sample",
    ".git/hooks/x",
  ]],
  ["closes the folder of hooks", (g) => chmodSync(g.path(".git/hooks"), 0), [".git/hooks"]],
  ["replaces the hooks by a link", (g) => {
    rmSync(g.path(".git/hooks"), { recursive: true });
    symlinkSync("../../outside", g.path(".git/hooks"));
  }, [".git/hooks"]],
  ["replaces a hook by a link", (g) => {
    rmSync(g.path(".git/hooks/pre-push"));
    symlinkSync("../../../outside/f", g.path(".git/hooks/pre-push"));
  }, [".git/hooks/pre-push"]],
  ["replaces a hook by a folder", (g) => {
    rmSync(g.path(".git/hooks/pre-push"));
    mkdirSync(g.path(".git/hooks/pre-push/deep"), { recursive: true });
  }, [".git/hooks/pre-push"]],
  ["replaces the configuration by a pipe", (g) => {
    rmSync(g.path(".git/config"));
    execFileSync("mkfifo", [g.path(".git/config")]);
  }, [".git/config"]],
  ["adds a remote", (g) => g.git("remote", "add", "evil", "ext::sh -c id"), [".git/config"]],
  ["writes the configuration through another name", (g) => {
    linkSync(g.path(".git/config"), g.path("other"));
    writeFileSync(g.path("other"), "[core]\n\tfsmonitor = evil\n");
  }, [".git/config"]],
  ["names a common folder", (g) => g.put(".git/commondir", "../evil"), [".git/commondir"]],
  ["puts a file in the place of the repository", (g) => {
    renameSync(g.path(".git"), g.path("kept"));
    g.put(".git", "gitdir: /evil");
  }, [".git"]],
  ["makes names that were not there", (g) => {
    g.put(".mcp.json", "{}");
    g.put(".vscode/deep/tasks.json", "{}");
    g.put("src/.envrc", "");
    g.put("a/b/c/.claude/settings.json", "{}");
    g.put("../granted/.HUSKY/pre-commit", "");
    symlinkSync("../outside", g.path(".idea"));
  }, ["../granted/.HUSKY", ".idea", ".mcp.json", ".vscode", "a/b/c/.claude", "src/.envrc"]],
  ["closes what it made", (g) => {
    g.put(".claude/a/b", "");
    chmodSync(g.path(".claude/a"), 0);
    chmodSync(g.path(".claude"), 0);
  }, [".claude"]],
  ["makes a repository inside", (g) => g.git("init", "--quiet", "sub"), [
    "sub/.git/config",
    "sub/.git/hooks",
    "sub/.git/info",
  ]],
];

for (const [name, command, restored] of CHANGES) {
  for (const ageMs of [0, 60_000]) {
    Deno.test(`ProtectedGuard undoes it when a command ${name}, files ${ageMs} ms old`, async () => {
      await using ground = new Ground({ ageMs });
      const before = ground.state();
      assert.deepEqual(ground.during(() => command(ground)), restored);
      assert.deepEqual(ground.state(), before);
      assert.deepEqual(readdirSync(ground.path("../outside")), []);
      assert.deepEqual(ground.during(() => {}), [], "restored for good");
    });
  }
}

Deno.test("ProtectedGuard opens folders that a command closed behind it", async () => {
  await using ground = new Ground({ files: { "sub/x": "" } });
  const command = () => {
    ground.put(".git/hooks/pre-commit", "evil");
    ground.put("sub/.envrc", "evil");
    ground.put("new/.envrc", "evil");
    ground.git("init", "--quiet", "repository");
    for (const name of ["sub", "new", "repository/.git", ".git/hooks", ".git", "."]) {
      chmodSync(ground.path(name), 0o300);
    }
  };
  assert.deepEqual(ground.during(command), [
    ".git",
    ".git/hooks",
    ".git/hooks/pre-commit",
    "new/.envrc",
    "repository/.git/config",
    "repository/.git/hooks",
    "repository/.git/info",
    "sub/.envrc",
  ]);
});

Deno.test("ProtectedGuard leaves alone what commands may do", async () => {
  await using ground = new Ground({ files: { "sub/.vscode/x": "{}", ".git/modules/m/HEAD": "" } });
  const command = () => {
    ground.put("a.txt", "two\n");
    ground.put("src/deep/b.txt", "new\n");
    ground.put(".env", "A=1");
    ground.put(".git/modules/m/objects/x", "");
    ground.put(".git/modules/m/HEAD", "ref: refs/heads/x");
    utimesSync(ground.path(".git/hooks/pre-push"), 1, 1);
    ground.git("-c", "user.name=n", "-c", "user.email=e", "commit", "--quiet", "-am", "two");
    ground.git("checkout", "--quiet", "-b", "other");
    rmSync(ground.path("sub"), { recursive: true });
  };
  assert.deepEqual(ground.during(command), []);
  assert.equal(ground.git("log", "--format=%s"), "two\none\n");
  assert.equal(ground.text("a.txt"), "two\n");
  assert.equal(existsSync(ground.path("sub")), false);
});

Deno.test("ProtectedGuard lets a folder be moved with its names, and no others", async () => {
  await using ground = new Ground({ files: { "sub/.vscode/x": "{}", "sub/in/.envrc": "" } });
  const command = () => {
    renameSync(ground.path("sub"), ground.path("moved"));
    ground.put("moved/.vscode/evil", "");
    ground.put("moved/.mcp.json", "");
  };
  assert.deepEqual(ground.during(command), ["moved/.mcp.json", "moved/.vscode/evil"]);
  assert.equal(ground.text("moved/.vscode/x"), "{}");
  assert.equal(ground.text("moved/in/.envrc"), "");
});

Deno.test("ProtectedGuard takes what the user changes between commands", async () => {
  await using ground = new Ground();
  assert.deepEqual(ground.during(() => {}), []);
  ground.git("remote", "add", "origin", "https://host.test/x");
  ground.put(".vscode/settings.json", "{}");
  const before = ground.state();
  assert.deepEqual(ground.during(() => rmSync(ground.path(".vscode"), { recursive: true })), [
    ".vscode",
  ]);
  assert.deepEqual(ground.state(), before);
});

Deno.test("ProtectedGuard keeps its record while another command runs", async () => {
  await using ground = new Ground();
  const before = ground.state();
  ground.guard.before();
  ground.put(".git/hooks/pre-commit", "evil");
  assert.deepEqual(ground.during(() => {}), [".git/hooks/pre-commit"]);
  ground.put(".mcp.json", "evil");
  ground.put(".git/config", "evil");
  assert.deepEqual(ground.names(ground.guard.after()), [".git/config", ".mcp.json"]);
  assert.deepEqual(ground.state(), before);
});

Deno.test("ProtectedGuard tells what it cannot put back", async () => {
  await using ground = new Ground({ files: { ".vscode/small": "small" } });
  ground.put(".idea/large", "");
  truncateSync(ground.path(".idea/large"), 17 * 1024 * 1024);
  const command = () => {
    ground.put(".idea/large", "evil");
    ground.put(".vscode/small", "evil");
  };
  assert.deepEqual(ground.during(command), ["!.idea/large", ".vscode/small"]);
  assert.equal(ground.text(".vscode/small"), "small");
  assert.deepEqual(ground.during(() => {}), []);
});

Deno.test("ProtectedGuard never removes what was there before, however much it is", async () => {
  await using ground = new Ground();
  for (let index = 0; index < 2_100; index++) ground.put(`many/${index}/.envrc`, "");
  const command = () => {
    ground.put("new/.envrc", "");
    ground.put("many/2/.envrc", "evil");
  };
  const restored = ground.during(command);
  assert.ok(restored.length === 1 || restored.length === 2, restored.join());
  assert.ok(restored.includes("new/.envrc"));
  for (let index = 0; index < 2_100; index++) {
    assert.ok(existsSync(ground.path(`many/${index}/.envrc`)));
  }
});

Deno.test("ProtectedGuard keeps the top of the workspace however many folders are made", async () => {
  await using ground = new Ground({ files: { "sub/.envrc": "one" } });
  const command = () => {
    for (let index = 0; index < 2_100; index++) mkdirSync(ground.path(`${index}`));
    ground.put(".mcp.json", "evil");
    ground.put("sub/.envrc", "two");
  };
  assert.deepEqual(ground.during(command), [".mcp.json", "sub/.envrc"]);
  assert.deepEqual(ground.during(() => ground.put("sub/.envrc", "two")), ["sub/.envrc"]);
});

Deno.test("ProtectedGuard guards a granted folder that is a repository's own", async () => {
  await using ground = new Ground();
  const roots = { workspace: ground.path(".git"), read: [], write: [] };
  const guard = new ProtectedGuard({ roots, clock: new FakeClock() });
  guard.before();
  ground.put(".git/hooks/pre-commit", "evil");
  ground.put(".git/COMMIT_EDITMSG", "fine");
  assert.deepEqual(ground.names(guard.after()), [".git/hooks/pre-commit"]);
});

Deno.test("ProtectedGuard does nothing where its roots are gone", async () => {
  await using ground = new Ground();
  rmSync(ground.path("../granted"), { recursive: true });
  ground.guard.before();
  rmSync(ground.path("."), { recursive: true });
  assert.deepEqual(ground.guard.after(), []);
});
