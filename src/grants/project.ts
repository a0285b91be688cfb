// What each enforcement is told of the grants: Deno permissions, one set for each compartment.
import type { Grants } from "./grants.ts";
import { isAtLeast } from "./level.ts";
import { netPermission } from "./route.ts";
import { webPermissions } from "./web_grant.ts";

/** Every kind is named: a kind left out would be inherited. */
export type Permissions = {
  /** true is every host. */
  readonly net: boolean | string[];
  readonly read: false | string[];
  readonly write: false | string[];
  readonly env: false;
  readonly run: false | string[];
  readonly ffi: boolean;
  readonly sys: false;
  readonly import: false;
};

export type CompartmentName = "gateway" | "agent" | "hands";

const NOTHING: Permissions = {
  net: false,
  read: false,
  write: false,
  env: false,
  run: false,
  ffi: false,
  sys: false,
  import: false,
};

/** `program` is the path of our own: the keeper of commands is another process of it. */
export function denoPermissions(
  grants: Grants,
  program: string,
): Record<CompartmentName, Permissions> {
  const { storageDir, workspace, read, write, skills } = grants.places;
  const writable = [...new Set([workspace, ...write])];
  return {
    gateway: { ...NOTHING, net: netPermissions(grants) },
    agent: { ...NOTHING, read: [storageDir], write: [storageDir] },
    hands: {
      ...NOTHING,
      read: [...new Set([...writable, ...read, ...skills])],
      write: writable,
      run: grants.commands.type === "boxed" && [program],
    },
  };
}

function netPermissions({ routes, web }: Grants): boolean | string[] {
  const pages = webPermissions(web);
  if (pages === true) return true;
  const hosts = [...new Set([...routes.map(netPermission), ...pages])];
  return hosts.length > 0 && hosts;
}

/**
 * What the threads are made with. Those that lock themselves by the kernel need `ffi` for it. The
 * gateway has the folders and programs of hands as well, since it makes that thread. Each gives up
 * what is too much before it loads anything else and before it is told any key.
 */
export function startPermissions(
  grants: Grants,
  program: string,
): Record<CompartmentName, Permissions> {
  const { gateway, agent, hands } = denoPermissions(grants, program);
  const ffi = isAtLeast(grants.level, "kernel");
  return {
    gateway: { ...gateway, read: hands.read, write: hands.write, run: hands.run, ffi },
    agent: { ...agent, ffi },
    hands: { ...hands, ffi },
  };
}
