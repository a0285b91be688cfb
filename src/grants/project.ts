// What each enforcement is told of the grants: Deno permissions, one set for each compartment.
import type { Grants } from "./grants.ts";
import { netPermission } from "./route.ts";

/** Every kind is named: a kind left out would be inherited. */
export type Permissions = {
  readonly net: false | string[];
  readonly read: false | string[];
  readonly write: false | string[];
  readonly env: false;
  readonly run: false;
  readonly ffi: false;
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

export function denoPermissions(grants: Grants): Record<CompartmentName, Permissions> {
  const { storageDir, workspace, read, write } = grants.places;
  const hosts = [...new Set(grants.routes.map(netPermission))];
  const writable = [...new Set([workspace, ...write])];
  return {
    gateway: { ...NOTHING, net: hosts.length > 0 && hosts },
    agent: { ...NOTHING, read: [storageDir], write: [storageDir] },
    hands: { ...NOTHING, read: [...new Set([...writable, ...read])], write: writable },
  };
}

/**
 * What the gateway's thread is made with: the folders of hands as well, since it makes that thread.
 * It gives them up before it loads anything else and before it is told any key.
 */
export function gatewayStartPermissions(grants: Grants): Permissions {
  const { gateway, hands } = denoPermissions(grants);
  return { ...gateway, read: hands.read, write: hands.write };
}
