// Temporary folders for the tests of the fabric.
import * as fs from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

export function temporaryFolder(): Disposable & { readonly path: string } {
  const path = fs.mkdtempSync(join(tmpdir(), "sheath-test-"));
  return { path, [Symbol.dispose]: () => fs.rmSync(path, { recursive: true }) };
}
