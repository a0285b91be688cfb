import { strict as assert } from "node:assert";
import { WorkerError } from "../../src/core/errors.ts";
import { checkSpec } from "../../src/protocol/check_spec.ts";
import { decodeSpec } from "../../src/protocol/spec.ts";
import type { ProvisionSpec } from "../../src/protocol/spec.ts";
import { fixtureText } from "./samples.ts";

const full = decodeSpec(fixtureText("provision/full.json"));

Deno.test("checkSpec() passes what hosts send", () => {
  checkSpec(full);
  checkSpec(decodeSpec(fixtureText("provision/minimal.json")));
});

Deno.test("checkSpec() passes every address and path in good form", () => {
  for (const host of ["a:1", "api.example-1.com:65535", "127.0.0.1:80", "[::1]:443", "public"]) {
    checkSpec(withSandbox({ hosts: [host] }));
  }
  checkSpec(
    withSandbox({ hosts: [], read: ["/"], write: ["/a b/../c"], limits: { processes: 1 } }),
  );
  for (const base_url of ["http://127.0.0.1:4010/v1", "https://[::1]/", "HTTPS://a.example?x=1"]) {
    checkSpec(withBaseUrl(base_url));
  }
});

const id = "identity.child_id: expected up to 200 of A-Z a-z 0-9 . _ # - without a dot in front";
const url =
  "secrets.provider_credentials[0].base_url: expected an http or https URL without user or password";
const at = "capabilities.sandbox";
const hostPort = 'expected "host:port" with a port from 1 to 65535';

const refused: readonly (readonly [spec: ProvisionSpec, message: string])[] = [
  [withId(""), id],
  [withId("../child"), id],
  [withId(".child"), id],
  [withId("a/b"), id],
  [withId("a\0"), id],
  [withId("é"), id],
  [withId("a\n"), id],
  [withId("x".repeat(201)), id],
  [{ ...full, fabric_dir: "" }, "fabric_dir: expected an absolute path"],
  [{ ...full, fabric_dir: "fabric" }, "fabric_dir: expected an absolute path"],
  [{ ...full, fabric_dir: "/a\0b" }, "fabric_dir: expected an absolute path"],
  [{ ...full, storage_dir: "./s" }, "storage_dir: expected an absolute path"],
  [{ ...full, workspace: "" }, "workspace: expected an absolute path"],
  [
    { ...full, capabilities: { ...full.capabilities, skills_dir: "~/skills" } },
    "capabilities.skills_dir: expected an absolute path",
  ],
  ...["", "../x", "a/b", "a--b", "Plan"].map((mode) =>
    [
      { ...full, capabilities: { ...full.capabilities, skills: { mode } } },
      "capabilities.skills.mode: expected lower-case letters, digits and single hyphens",
    ] as const
  ),
  [withBaseUrl(""), url],
  [withBaseUrl("api.example"), url],
  [withBaseUrl("ftp://api.example"), url],
  [withBaseUrl("file:///etc/passwd"), url],
  [withBaseUrl("https://me@api.example"), url],
  [withBaseUrl("https://:pass@api.example"), url],
  [
    { ...full, secrets: { ...full.secrets, worker_auth_token: "" } },
    "secrets.worker_auth_token: expected a token, not an empty one",
  ],
  [
    { ...full, capabilities: { ...full.capabilities, budget: { cost_usd: -1 } } },
    "capabilities.budget.cost_usd: expected no negative number",
  ],
  [
    { ...full, capabilities: { ...full.capabilities, prices: { m: { input: 1, output: -1 } } } },
    "capabilities.prices.*.output: expected no negative number",
  ],
  [withSandbox({ read: ["/a", "b"] }), `${at}.read[1]: expected an absolute path`],
  [withSandbox({ write: ["b"] }), `${at}.write[0]: expected an absolute path`],
  [withSandbox({ hosts: ["a"] }), `${at}.hosts[0]: ${hostPort}, or "public" alone`],
  [withSandbox({ hosts: ["a:80", "public"] }), `${at}.hosts[1]: ${hostPort}, or "public" alone`],
  [withSandbox({ hosts: ["a:0"] }), `${at}.hosts[0]: ${hostPort}, or "public" alone`],
  [withSandbox({ hosts: ["a:65536"] }), `${at}.hosts[0]: ${hostPort}, or "public" alone`],
  [withSandbox({ hosts: ["http://a:80"] }), `${at}.hosts[0]: ${hostPort}, or "public" alone`],
  [withSandbox({ hosts: ["*.a:80"] }), `${at}.hosts[0]: ${hostPort}, or "public" alone`],
  [withSandbox({ hosts: ["[::g]:80"] }), `${at}.hosts[0]: ${hostPort}, or "public" alone`],
  [withSandbox({ command_hosts: ["public"] }), `${at}.command_hosts[0]: ${hostPort}`],
  [withSandbox({ limits: { tmp_bytes: 0 } }), `${at}.limits.tmp_bytes: expected a number above 0`],
];
for (const [index, [spec, message]] of refused.entries()) {
  Deno.test(`checkSpec() refuses case ${index}: ${message}`, () => {
    assert.throws(() => checkSpec(spec), new WorkerError("bad_input", message));
  });
}

function withId(child_id: string): ProvisionSpec {
  return { ...full, identity: { ...full.identity, child_id } };
}

function withBaseUrl(base_url: string): ProvisionSpec {
  const provider_credentials = [{ provider: "openai", api_key: "k", base_url }];
  return { ...full, secrets: { provider_credentials } };
}

function withSandbox(sandbox: ProvisionSpec["capabilities"]["sandbox"]): ProvisionSpec {
  return { ...full, capabilities: { ...full.capabilities, sandbox } };
}
