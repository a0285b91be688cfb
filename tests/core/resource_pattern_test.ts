import { strict as assert } from "node:assert";
import type { Permission } from "../../src/core/permission.ts";
import { meaningOf } from "../../src/core/resource_pattern.ts";
import { applies, grantOf } from "../../src/permissions/rules.ts";

type Case = {
  readonly meaning: string | undefined;
  /** Values that a grant of the resource lets through, and values that it does not. */
  readonly lets: readonly string[];
  readonly holds: readonly string[];
};

const PATHS: Readonly<Record<string, Case>> = {
  "*": { meaning: "everything", lets: ["/", "/a", "/a/b.ts"], holds: [] },
  "**/*": { meaning: "everything", lets: ["/a/b.ts"], holds: [] },
  "/**": { meaning: "everything", lets: ["/a", "/a/b.ts"], holds: [] },
  "/a/**": {
    meaning: "everything below </a>",
    lets: ["/a/b", "/a/b/c.ts"],
    holds: ["/a", "/ab", "/b/c"],
  },
  "/a/b/../**": { meaning: "everything below </a>", lets: ["/a/c"], holds: ["/b"] },
  "/a/../**": { meaning: "everything", lets: ["/etc/passwd"], holds: [] },
  "/a/*": { meaning: "everything directly in </a>", lets: ["/a/b"], holds: ["/a/b/c", "/b/c"] },
  "/*": { meaning: "everything directly in </>", lets: ["/b"], holds: ["/a/b"] },
  "*.ts": {
    meaning: "every file whose name ends in <.ts>",
    lets: ["/a/b.ts", "/etc/x.ts"],
    holds: ["/a/b.tsx", "/a/ts"],
  },
  "/a/b.ts": { meaning: undefined, lets: ["/a/b.ts"], holds: ["/a/b.tsx", "/a"] },
  "/a/*.ts": { meaning: "only exactly this text", lets: ["/a/*.ts"], holds: ["/a/b.ts"] },
  "/a/b?": { meaning: "only exactly this text", lets: ["/a/b?"], holds: ["/a/bc"] },
};

const TEXTS: Readonly<Record<string, Case>> = {
  "*": { meaning: "everything", lets: ["rm -r ~", ""], holds: [] },
  "**/*": { meaning: "everything", lets: ["rm -r ~"], holds: [] },
  "npm test": { meaning: undefined, lets: ["npm test"], holds: ["npm test x", "npm"] },
  "npm *": { meaning: "only exactly this text", lets: ["npm *"], holds: ["npm test"] },
  "/a/**": { meaning: "only exactly this text", lets: ["/a/**"], holds: ["/a/b"] },
};

Deno.test("meaningOf() says what a grant of the resource lets through", () => {
  const kinds = [["write_file", "path", PATHS], ["execute_command", "text", TEXTS]] as const;
  for (const [permission, type, cases] of kinds) {
    for (const [resource, { meaning, lets, holds }] of Object.entries(cases)) {
      const about = `${permission} ${resource}`;
      assert.equal(meaningOf(permission, resource, (path) => `<${path}>`), meaning, about);
      const isLet = (value: string) => isGranted({ permission, resource }, type, value);
      assert.deepEqual(lets.filter(isLet), lets, about);
      assert.deepEqual(holds.filter(isLet), [], about);
    }
  }
});

function isGranted(
  { permission, resource }: { readonly permission: Permission; readonly resource: string },
  type: "path" | "text",
  value: string,
): boolean {
  const grant = grantOf(permission, resource, { nowMs: 0 });
  return applies(grant, { permission, type, value }, 0);
}
