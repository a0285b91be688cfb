import { strict as assert } from "node:assert";
import { chmodSync, mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { readConfigFile } from "../../src/cli/config_file.ts";
import { configPath, readConfig, usualConfig } from "../../src/cli/config_place.ts";
import { Playground } from "../support/playground.ts";

function write(path: string, text: string, mode = 0o600): string {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
  chmodSync(path, mode);
  return path;
}

Deno.test("usualConfig() and configPath() follow the XDG folder, then flags", () => {
  const environment = { configHome: "/c" };
  assert.equal(usualConfig(environment), "/c/sheath/config.yaml");
  assert.equal(usualConfig({ configHome: undefined }), undefined);
  assert.equal(configPath({}, environment), "/c/sheath/config.yaml");
  assert.equal(configPath({ config: "/x/y.yaml" }, environment), "/x/y.yaml");
  assert.equal(configPath({ config: "y.yaml" }, environment), join(Deno.cwd(), "y.yaml"));
  assert.equal(configPath({ config: false }, environment), undefined);
  assert.equal(configPath({}, { configHome: undefined }), undefined);
});

Deno.test("readConfig() takes the usual file where there is one, and one that a flag names", async () => {
  using ground = new Playground();
  const environment = { configHome: join(ground.home, ".config"), home: ground.home };
  assert.equal(await readConfig({}, environment), undefined);
  assert.equal(await readConfig({}, { configHome: undefined, home: undefined }), undefined);
  // A file where a folder should be is none either.
  const odd = { configHome: write(join(ground.home, "file"), ""), home: ground.home };
  assert.equal(await readConfig({}, odd), undefined);
  const usual = write(join(ground.home, ".config/sheath/config.yaml"), "read: [~/a]\n");
  const read = await readConfig({}, environment);
  assert.deepEqual([read?.path, read?.values], [usual, { read: [`${ground.home}/a`] }]);
  const other = write(join(ground.root, "other.yaml"), "ask: true");
  assert.deepEqual((await readConfig({ config: other }, environment))?.values, { ask: true });
  assert.equal(await readConfig({ config: false }, environment), undefined);
  const missing = join(ground.root, "none.yaml");
  await assert.rejects(readConfig({ config: missing }, environment), {
    fault: "bad_input",
    message: `Cannot use "${missing}": no such file`,
  });
});

Deno.test("readConfig() does not pass over a link that leads nowhere", async () => {
  using ground = new Playground();
  mkdirSync(join(ground.home, "sheath"));
  const path = join(ground.home, "sheath/config.yaml");
  symlinkSync("/nowhere/config.yaml", path);
  await assert.rejects(readConfig({}, { configHome: ground.home, home: ground.home }), {
    message: `Cannot use "${path}": no such file`,
  });
});

Deno.test("readConfigFile() follows a link, and takes what others may read", () => {
  using ground = new Playground();
  const real = write(join(ground.root, "dotfiles/sheath.yaml"), "ask: true", 0o644);
  const link = join(ground.root, "config.yaml");
  symlinkSync(real, link);
  assert.deepEqual(readConfigFile(link, { home: undefined }).values, { ask: true });
});

Deno.test("readConfigFile() refuses what others could have written, and what is no plain file", async (t) => {
  using ground = new Playground();
  const folder = join(ground.root, "files");
  const pipe = join(ground.root, "pipe");
  const made = new Deno.Command("mkfifo", { args: [pipe] }).outputSync();
  assert.ok(made.success);
  const group = write(join(folder, "group.yaml"), "ask: true", 0o660);
  const odd = write(join(folder, "o'd d.yaml"), "ask: true", 0o602);
  const large = write(join(folder, "large.yaml"), `#${" ".repeat(64 * 1024)}`);
  const exact = write(join(folder, "exact.yaml"), `#${" ".repeat(64 * 1024 - 1)}`);
  assert.deepEqual(readConfigFile(exact, { home: undefined }).values, {});
  const why = "others may write it, and it may name programs to run: chmod go-w";
  const cases = [
    [folder, "not a regular file"],
    [pipe, "not a regular file"],
    ["/dev/zero", "not a regular file"],
    [group, `${why} ${group}`],
    [odd, `${why} '${folder}/o'\\''d d.yaml'`],
    [large, "larger than 64 KiB"],
  ] as const;
  for (const [path, flaw] of cases) {
    await t.step(path, () => {
      assert.throws(() => readConfigFile(path, { home: undefined }), {
        fault: "bad_input",
        message: `Cannot use "${path}": ${flaw}`,
      });
    });
  }
});

Deno.test("readConfigFile() refuses a file of another user", () => {
  using ground = new Playground();
  // Only root can give a file away.
  if (Deno.uid() !== 0) return;
  const path = write(join(ground.root, "theirs.yaml"), "ask: true");
  Deno.chownSync(path, 65534, 65534);
  assert.throws(() => readConfigFile(path, { home: undefined }), {
    message: `Cannot use "${path}": it belongs to another user`,
  });
});
