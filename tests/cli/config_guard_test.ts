import { strict as assert } from "node:assert";
import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { keepConfigOut } from "../../src/cli/config_guard.ts";
import { Playground } from "../support/playground.ts";

function specWith(workspace: string | undefined, write: readonly string[] = []) {
  return {
    ...(workspace !== undefined && { workspace }),
    capabilities: {
      enforce_permissions: false,
      nested_spawn: false,
      bypass: false,
      sandbox: { write },
    },
  };
}

Deno.test("keepConfigOut() refuses each folder through which an agent could change the file", async (t) => {
  using ground = new Playground();
  const config = join(ground.home, ".config/sheath/config.yaml");
  mkdirSync(join(ground.home, ".config/sheath"), { recursive: true });
  mkdirSync(join(ground.root, "dotfiles"));
  const target = join(ground.root, "dotfiles/sheath.yaml");
  writeFileSync(target, "");
  const linked = join(ground.workspace, "linked.yaml");
  symlinkSync(target, linked);
  const byLink = join(ground.root, "h");
  symlinkSync(ground.home, byLink);
  const refused: readonly [string, Parameters<typeof keepConfigOut>[0], string, string][] = [
    ["the workspace", specWith(ground.home), config, ground.home],
    ["its own folder", specWith(join(ground.home, ".config/sheath/")), config, ""],
    ["a granted folder", specWith("/w", ["/x", `${ground.home}/.config`]), config, ""],
    ["the file itself", specWith("/w", [config]), config, config],
    ["a folder by a link", specWith(byLink), config, byLink],
    ["the file by a link", specWith(ground.home), `${byLink}/.config/sheath/config.yaml`, ""],
    ["where the file leads", specWith(join(ground.root, "dotfiles")), linked, ""],
    ["where the link stands", specWith(ground.workspace), linked, ground.workspace],
    ["all", specWith("/"), config, "/"],
    ["a place that is not there yet", specWith(`${ground.root}/n`), `${ground.root}/n/a/b`, ""],
  ];
  for (const [name, spec, file, root] of refused) {
    await t.step(name, () => {
      const shown = root === "" ? '".*"' : `"${root}"`;
      assert.throws(() => keepConfigOut(spec, ["/elsewhere/config.yaml", file]), {
        fault: "bad_input",
        message: new RegExp(`^tools may not change ${shown}: the configuration ".*" is in it`),
      });
    });
  }
  await t.step("and no other", () => {
    keepConfigOut(specWith(join(ground.home, ".config/nvim"), [`${config}.bak`]), [config]);
    keepConfigOut(specWith(`${ground.home}/.config/sheathed`), [config]);
    keepConfigOut(specWith(undefined), [config]);
    keepConfigOut(specWith("/"), []);
  });
});
