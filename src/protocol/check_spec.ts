// What a spec must keep to beyond its types; hosts of old did not check these.
import { isAbsolute } from "node:path";
import { HERE, windowsFlaw } from "../base/path_system.ts";
import { WorkerError } from "../core/errors.ts";
import { isSkillId } from "../core/skill_id.ts";
import { isSafeChildId } from "./child_id.ts";
import type { PriceSpec, SandboxSpec } from "./sandbox_spec.ts";
import type { ProvisionSpec } from "./spec.ts";

/**
 * Checks names, paths, addresses and amounts of a decoded spec.
 * @throws WorkerError `bad_input`: `fabric_dir: expected an absolute path`. Values are never shown.
 */
export function checkSpec(spec: ProvisionSpec): void {
  const { capabilities, secrets } = spec;
  const { child_id } = spec.identity;
  demand(isSafeChildId(child_id), "identity.child_id", CHILD_ID);
  demand(HERE === "unix" || windowsFlaw(child_id) === undefined, "identity.child_id", FILE_NAME);
  demandPath(spec.fabric_dir, "fabric_dir");
  demandPath(spec.storage_dir, "storage_dir");
  demandPath(spec.workspace, "workspace");
  demandPath(capabilities.skills_dir, "capabilities.skills_dir");
  const mode = capabilities.skills?.mode;
  demand(mode === undefined || isSkillId(mode), "capabilities.skills.mode", MODE);
  for (const [index, { base_url }] of secrets.provider_credentials.entries()) {
    const at = `secrets.provider_credentials[${index}].base_url`;
    demand(base_url === undefined || isPlainHttpUrl(base_url), at, HTTP_URL);
  }
  demand(
    secrets.worker_auth_token !== "",
    "secrets.worker_auth_token",
    "a token, not an empty one",
  );
  demand(
    (capabilities.budget?.cost_usd ?? 0) >= 0,
    "capabilities.budget.cost_usd",
    "no negative number",
  );
  for (const price of Object.values(capabilities.prices ?? {})) checkPrice(price);
  const { context_tokens, output_tokens } = capabilities.model_limits ?? {};
  const at = "capabilities.model_limits";
  demand((context_tokens ?? LEAST_CONTEXT) >= LEAST_CONTEXT, `${at}.context_tokens`, CONTEXT);
  demand(output_tokens !== 0, `${at}.output_tokens`, "a number above 0");
  if (capabilities.sandbox) checkSandbox(capabilities.sandbox, "capabilities.sandbox");
}

/** Less has no room for a system message and the tools. */
export const LEAST_CONTEXT = 8_000;
const CONTEXT = `at least ${LEAST_CONTEXT} tokens`;
const MODE = "lower-case letters, digits and single hyphens";
const FILE_NAME = "a name that files may have on windows";
const CHILD_ID = "up to 200 of A-Z a-z 0-9 . _ # - without a dot in front";
const HTTP_URL = "an http or https URL without user or password";
const HOST_PORT = '"host:port" with a port from 1 to 65535';

function checkSandbox(sandbox: SandboxSpec, at: string): void {
  for (const [index, path] of (sandbox.read ?? []).entries()) {
    demandPath(path, `${at}.read[${index}]`);
  }
  for (const [index, path] of (sandbox.write ?? []).entries()) {
    demandPath(path, `${at}.write[${index}]`);
  }
  const hosts = sandbox.hosts ?? [];
  const isPublic = hosts.length === 1 && hosts[0] === "public";
  for (const [index, host] of (isPublic ? [] : hosts).entries()) {
    demand(isHostPort(host), `${at}.hosts[${index}]`, `${HOST_PORT}, or "public" alone`);
  }
  for (const [index, host] of (sandbox.command_hosts ?? []).entries()) {
    demand(isHostPort(host), `${at}.command_hosts[${index}]`, HOST_PORT);
  }
  for (const [name, amount] of Object.entries(sandbox.limits ?? {})) {
    demand(amount !== 0, `${at}.limits.${name}`, "a number above 0");
  }
}

/** The model's name is not repeated: it is the host's to know. */
function checkPrice(price: PriceSpec): void {
  for (const [name, amount] of Object.entries(price)) {
    demand((amount ?? 0) >= 0, `capabilities.prices.*.${name}`, "no negative number");
  }
}

function demandPath(path: string | undefined, at: string): void {
  const isUsable = path === undefined || (isAbsolute(path) && !path.includes("\0"));
  demand(isUsable, at, "an absolute path");
}

function demand(holds: boolean, at: string, wanted: string): void {
  if (!holds) throw new WorkerError("bad_input", `${at}: expected ${wanted}`);
}

export function isPlainHttpUrl(text: string): boolean {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  return (url?.protocol === "http:" || url?.protocol === "https:") &&
    url.username === "" && url.password === "";
}

/** A name, an IPv4 address or an IPv6 address in brackets, then the port. */
export function isHostPort(text: string): boolean {
  const found = /^(\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?):(\d{1,5})$/
    .exec(text);
  if (!found) return false;
  const port = Number(found[2]);
  return port >= 1 && port <= 65535 && URL.canParse(`http://${text}`);
}
