import { strict as assert } from "node:assert";
import { chmodSync, mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import type { Start } from "../../src/keeper/messages.ts";
import { whyNotStarted } from "../../src/keeper/start_check.ts";
import { tempDir } from "../support/temp_dir.ts";

type Row = { readonly argv: Start["argv"]; readonly cwd?: string; readonly why?: string };

Deno.test("whyNotStarted() tells what speaks against a start", async (t) => {
  await using folder = tempDir();
  const at = (name: string) => `${folder.path}/${name}`;
  writeFileSync(at("program"), "");
  chmodSync(at("program"), 0o755);
  writeFileSync(at("text"), "");
  chmodSync(at("text"), 0o644);
  mkdirSync(at("sub"));
  symlinkSync(at("nowhere"), at("broken"));
  const rows: Record<string, Row> = {
    "nothing": { argv: [at("program"), "", "é"] },
    "no such program": { argv: [at("nope")], why: "no such program" },
    "a broken link": { argv: [at("broken")], why: "no such program" },
    "a plain file": { argv: [at("text")], why: "not executable" },
    "a folder": { argv: [at("sub")], why: "not executable" },
    "a name": { argv: ["program"], why: "expected an absolute path" },
    "NUL in an argument": { argv: [at("program"), "a\0b"], why: "command holds a NUL character" },
    "NUL in the folder": {
      argv: [at("program")],
      cwd: "/\0",
      why: "folder holds a NUL character",
    },
    "no folder": {
      argv: [at("program")],
      cwd: at("gone"),
      why: `folder "${at("gone")}" does not exist`,
    },
    "a file as the folder": {
      argv: [at("program")],
      cwd: at("text"),
      why: `"${at("text")}" is not a folder`,
    },
    "a command at the limit": { argv: [at("program"), "x".repeat(100_000)] },
    "a command over it, in bytes": {
      argv: [at("program"), "é".repeat(50_001), "x"],
      why: "command is 100002 bytes, expected at most 100000",
    },
  };
  for (const [name, { argv, cwd = folder.path, why }] of Object.entries(rows)) {
    await t.step(name, () => {
      assert.equal(
        whyNotStarted({ type: "start", id: 1, argv, cwd }),
        why && `Cannot start "${argv[0]}": ${why}`,
      );
    });
  }
});
