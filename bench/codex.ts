// The Codex CLI as npm installs it, set up to ask a model on this machine.
import type { Folder } from "./folder.ts";
import { ONE_TURN_TEXT } from "./mock_model.ts";
import { type ProgramOptions, timeProgram } from "./program.ts";

/** The newest of 2026-11-22. */
export const CODEX_VERSION = "0.169.0";

export type Codex = {
  /** What `codex` on the PATH is: a script for Node that starts the executable. */
  readonly launcher: string;
  readonly executable: string;
};

/** Installs by npm into the folder. Throws with npm's own words when that fails. */
export async function installCodex(folder: Folder, version: string): Promise<Codex> {
  const { success, stderr } = await new Deno.Command("npm", {
    args: [
      "install",
      `--prefix=${folder.path}`,
      "--no-audit",
      "--no-fund",
      "--loglevel=error",
      `@openai/codex@${version}`,
    ],
  }).output();
  const why = new TextDecoder().decode(stderr).trim();
  if (!success) throw new Error(`Cannot install @openai/codex@${version}: ${why}`);
  const modules = `${folder.path}/node_modules`;
  return { launcher: `${modules}/.bin/codex`, executable: findExecutable(`${modules}/@openai`) };
}

/**
 * Milliseconds of one turn without tool calls by `codex exec`, with its own default sandbox. All
 * that it is asked to leave out is what would go to the network.
 */
export async function timeCodex(
  program: string,
  { folder, baseUrl }: { readonly folder: Folder; readonly baseUrl: string },
): Promise<number> {
  const home = `${folder.path}/home/.codex`;
  await Deno.mkdir(home, { recursive: true });
  await Deno.writeTextFile(`${home}/config.toml`, config(baseUrl));
  const options: ProgramOptions = {
    command: [program, "exec", "--skip-git-repo-check", "Answer in one sentence"],
    folder,
    variables: { CODEX_HOME: home, MOCK_API_KEY: "sk-bench-0123456789" },
    expects: ONE_TURN_TEXT,
  };
  return await timeProgram(options);
}

function config(baseUrl: string): string {
  return `model = "mock"
model_provider = "mock"
check_for_update_on_startup = false

[analytics]
enabled = false

[features]
plugins = false

[model_providers.mock]
name = "mock"
base_url = "${baseUrl}"
wire_api = "responses"
env_key = "MOCK_API_KEY"
`;
}

/** In a package of its own for each platform, below `vendor`. */
function findExecutable(scope: string): string {
  for (const { name } of Deno.readDirSync(scope)) {
    if (!name.startsWith("codex-")) continue;
    for (const platform of Deno.readDirSync(`${scope}/${name}/vendor`)) {
      return `${scope}/${name}/vendor/${platform.name}/bin/codex`;
    }
  }
  throw new Error("Cannot install Codex: npm left no executable for this platform");
}
