// What the probe build is told to do, and what its attempts aim at; handed over as the last argument of the command line.

import type { Crash } from "./crash.ts";
import type { Smuggling } from "./smuggle.ts";

export type Targets = {
  /** Port of a listener on 127.0.0.1 that counts who comes. */
  readonly listener: number;
  /** Path of a unix socket outside. */
  readonly socket: string;
  /** A process of the same user. */
  readonly decoyPid: number;
  /** Value of the variable HOME, and a folder outside. */
  readonly home: string;
  /** A folder outside, and a file in it. */
  readonly outside: string;
  readonly secret: string;
  /** Addresses of files in the workspace. */
  readonly modules: { readonly js: string; readonly ts: string; readonly json: string };
  /** Folders and files of the worker's own, by what they are. */
  readonly own: Readonly<Record<OwnPlace, string>>;
  /** Where the one route leads. */
  readonly provider: string;
};

export const OWN_PLACES = ["workspace", "storage", "fabric"] as const;
export type OwnPlace = (typeof OWN_PLACES)[number];

/** What the probe build is told to do. */
export type Orders =
  | { readonly type: "probe"; readonly targets: Targets }
  | { readonly type: "crash"; readonly crash: Crash }
  | { readonly type: "smuggle"; readonly smuggling: Smuggling };

export function readOrders(): Orders {
  return JSON.parse(Deno.args.at(-1) ?? "");
}
