// Keeps commands from leaving protected names changed where the kernel cannot: records them while
// no program runs, and puts them back after each one. Looks six folders deep below each writable
// root, at 5,000 folders; what a command does to names below that is not seen.
import { basename } from "node:path";
import type { Clock } from "../base/clock.ts";
import { folded } from "./protected_names.ts";
import {
  isSame,
  look,
  NodeRecorder,
  type ProtectedNode,
  type Stamp,
  stampOf,
} from "./protected_node.ts";
import { isClosed, openFolder, type Restored, Restorer } from "./protected_restore.ts";
import { inRecordOrder, type Scope, scopeOf } from "./protected_scope.ts";
import { type Roots, rootsFor } from "./roots.ts";

const MAX_DEPTH = 6;
const MAX_FOLDERS = 5_000;
/** Other people's files, and too many. */
const SKIPPED = "node_modules";

type Place = {
  readonly path: string;
  readonly scope: Scope;
  readonly depth: number;
  /** Made since the record, as far as the folder above it tells. */
  readonly isNew: boolean;
};

type Contents = {
  /** The names of which something is kept. */
  readonly names: readonly string[];
  /** Folders to be looked at too. */
  readonly folders: readonly string[];
};

/** A folder of the workspace, and what of it is kept. */
type Holder = Place & {
  readonly stamp: Stamp;
  readonly folders: readonly string[];
  readonly nodes: ReadonlyMap<string, ProtectedNode>;
  /** More is in it than was recorded. */
  readonly isPartial: boolean;
};

type Visit = Contents & { readonly place: Place; readonly stamp: Stamp };

export class ProtectedGuard {
  readonly #roots: readonly Place[];
  readonly #clock: Clock;
  #holders: ReadonlyMap<string, Holder> = new Map();
  #running = 0;

  constructor({ roots, clock }: { readonly roots: Roots; readonly clock: Clock }) {
    this.#clock = clock;
    this.#roots = rootsFor("write", roots).map((path) => {
      const scope = folded(basename(path)) === ".git" ? "git" : "open";
      return { path, scope, depth: 0, isNew: false };
    });
  }

  /** To be called before a program starts. While another runs, the record stays as it is. */
  before(): void {
    if (this.#running++ === 0) this.#record();
  }

  /**
   * To be called once for each `before`, when its program has ended or could not be started: puts
   * back what changed since the record, whoever changed it. Never throws.
   */
  after(): readonly Restored[] {
    this.#running--;
    const nowMs = this.#clock.now();
    const restorer = new Restorer(nowMs);
    const known = this.#holders;
    const moved = new Map([...known.values()].map((holder) => [identityOf(holder.stamp), holder]));
    const holders = new Map(known);
    let unknown = 0;
    const visitOpen = (place: Place, holder: Holder | undefined) =>
      restorer.attempt(place.path, () => {
        reopen(place, holder);
        return visitTo(place, holder, nowMs);
      });
    for (const visit of this.#visits(visitOpen, () => unknown < MAX_FOLDERS)) {
      const { path, isNew } = visit.place;
      const holder = known.get(path);
      if (!holder) unknown++;
      // A folder that was moved took its names along: they are not new.
      const was = holder ?? moved.get(identityOf(visit.stamp));
      if (!was && !isNew) continue; // there before, but beyond what was recorded
      const nodes = restoreIn(restorer, visit, was);
      if (holder) holders.set(path, { ...holder, nodes });
    }
    this.#holders = holders;
    return restorer.restored;
  }

  #record(): void {
    const nowMs = this.#clock.now();
    const recorder = new NodeRecorder(nowMs);
    const holders = new Map<string, Holder>();
    const visitQuietly = (place: Place, last: Holder | undefined) =>
      attempt(() => visitTo(place, last, nowMs));
    for (const visit of this.#visits(visitQuietly, () => holders.size < MAX_FOLDERS)) {
      const { place, stamp, folders } = visit;
      const recorded = recordIn(recorder, visit, this.#holders.get(place.path));
      holders.set(place.path, { ...place, ...recorded, isNew: false, stamp, folders });
    }
    this.#holders = holders;
  }

  /** Folders: the roots, those that were recorded, then others, from the top down. */
  *#visits(
    visitOne: (place: Place, known: Holder | undefined) => Visit | undefined,
    goesOn: () => boolean,
  ): Generator<Visit> {
    const places: Place[] = [...this.#roots, ...this.#holders.values()];
    const seen = new Set<string>();
    for (let index = 0; index < places.length && goesOn(); index++) {
      const place = places[index];
      if (!place || seen.has(place.path)) continue;
      seen.add(place.path);
      const visit = visitOne(place, this.#holders.get(place.path));
      if (!visit) continue;
      yield visit;
      places.push(...this.#placesBelow(visit));
    }
  }

  #placesBelow({ place, folders }: Visit): Place[] {
    const { path, depth, scope, isNew } = place;
    const before = new Set(this.#holders.get(path)?.folders);
    return folders.map((name) => ({
      path: `${path}/${name}`,
      scope,
      depth: depth + 1,
      isNew: isNew || !before.has(name),
    }));
  }
}

/** A folder that a command closed to its owner, and so to us, is opened again. */
function reopen({ path, isNew }: Place, known: Holder | undefined): void {
  const info = look(path);
  if (!info?.isDirectory) return;
  const wasClosed = known ? isClosed(known.stamp.mode) : !isNew;
  if (!wasClosed) openFolder(path, info);
}

/** Undefined if no folder is there. */
function visitTo(place: Place, known: Holder | undefined, nowMs: number): Visit | undefined {
  const info = look(place.path);
  if (!info?.isDirectory) return undefined;
  const stamp = stampOf(info, nowMs);
  const isKnown = known?.stamp.isSettled && !known.isPartial && isSame(known.stamp, stamp);
  const contents = isKnown
    ? { names: [...known.nodes.keys()], folders: known.folders }
    : contentsOf(place);
  return { place, stamp, ...contents };
}

function contentsOf({ path, scope, depth }: Place): Contents {
  const names: string[] = [];
  const folders: string[] = [];
  const isEntered = scope === "open" && depth < MAX_DEPTH;
  for (const { name, isDirectory } of Deno.readDirSync(path)) {
    if (scopeOf(name, scope)) names.push(name);
    else if (isDirectory && isEntered && name !== SKIPPED) folders.push(name);
  }
  return { names, folders };
}

function recordIn(
  recorder: NodeRecorder,
  { place, names }: Visit,
  last: Holder | undefined,
): Pick<Holder, "nodes" | "isPartial"> {
  const nodes = new Map<string, ProtectedNode>();
  let isPartial = false;
  for (const name of inRecordOrder(names, place.scope)) {
    const scope = scopeOf(name, place.scope);
    const path = `${place.path}/${name}`;
    const node = scope && attempt(() => recorder.record(path, scope, last?.nodes.get(name)));
    if (node) nodes.set(name, node);
    else isPartial = true;
  }
  return { nodes, isPartial };
}

function restoreIn(
  restorer: Restorer,
  { place, names }: Visit,
  was: Holder | undefined,
): Map<string, ProtectedNode> {
  const nodes = new Map<string, ProtectedNode>();
  const before = was?.nodes ?? new Map<string, ProtectedNode>();
  for (const name of new Set([...before.keys(), ...(was?.isPartial ? [] : names)])) {
    const scope = scopeOf(name, place.scope);
    const node = scope && restorer.restore(`${place.path}/${name}`, scope, before.get(name));
    if (node) nodes.set(name, node);
  }
  return nodes;
}

function identityOf({ dev, ino, bornMs }: Stamp): string {
  return `${dev}:${ino}:${bornMs}`;
}

/** Undefined where the system does not let us look, or it is gone meanwhile. */
function attempt<Value>(work: () => Value): Value | undefined {
  try {
    return work();
  } catch {
    return undefined; // what cannot be looked at is not kept
  }
}
