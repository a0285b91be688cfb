// The folders, processes and listeners that attacks aim at, all in one temporary folder; nothing of
// it is left afterwards.
import {
  closeSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { AttackCase, Observation, SharedTargets, Targets } from "./attack_case.ts";
import { Decoy } from "./decoy.ts";
import { listen, type Listeners } from "./listeners.ts";
import { filesUnder, namesIn, snapshot } from "./snapshot.ts";

const SPARSE_BYTES = 6 * 1024 ** 3;
const MAX_TRIES = 20;
const VARIABLE = "SHEATH_CANARY";
/** Where everybody may write, and where programs are. */
const SHARED_PLACES = [
  "/tmp",
  "/var/tmp",
  "/dev/shm",
  "/etc",
  "/opt",
  "/usr/bin",
  "/usr/local/bin",
  "/usr/lib",
];

export type GroundOptions = {
  readonly tmp: string;
  readonly program: string;
  readonly cases: readonly AttackCase[];
};

/** One case's part of the ground. */
export class Scene {
  readonly targets: Targets;
  readonly #listeners: Listeners;
  readonly #before: ReadonlyMap<string, string>;
  #decoy: Decoy | undefined;

  constructor(
    targets: Omit<Targets, "decoy">,
    { listeners, prepare }: { listeners: Listeners; prepare: AttackCase["prepare"] },
  ) {
    this.targets = { ...targets, decoy: () => this.#decoyPid() };
    this.#listeners = listeners;
    prepare?.(this.targets);
    this.#before = snapshot(targets.outside);
  }

  /** What can be seen of the case now; the rest is what the steps came to. */
  look(): Pick<Observation, "contacts" | "outside" | "planted" | "inside" | "isDecoyGone"> {
    const { token, outside, folder } = this.targets;
    const after = snapshot(outside);
    const names = new Set([...this.#before.keys(), ...after.keys()]);
    return {
      contacts: this.#listeners.heard().filter((text) => text.includes(token)),
      outside: [...names].filter((name) => this.#before.get(name) !== after.get(name)),
      planted: this.#planted(),
      inside: filesUnder(folder),
      isDecoyGone: this.#decoy?.isGone ?? false,
    };
  }

  async leave(): Promise<void> {
    for (const path of this.#planted()) rmSync(path, { force: true });
    await this.#decoy?.[Symbol.asyncDispose]();
  }

  #planted(): string[] {
    const { token, shared: { root, storage, fabric, program } } = this.targets;
    const own = [root, `${root}/home`, storage, `${storage}/sessions`, fabric];
    const places = [...own, dirname(program), dirname(root), ...SHARED_PLACES];
    return places.flatMap((place) =>
      namesIn(place).filter((name) => name.includes(token)).map((name) => join(place, name))
    );
  }

  #decoyPid(): number {
    this.#decoy ??= new Decoy(this.targets.canary);
    return this.#decoy.pid;
  }
}

export class Ground implements AsyncDisposable {
  readonly root: string;
  readonly shared: SharedTargets;
  readonly #listeners: Listeners;
  readonly #scenes: ReadonlyMap<string, Scene>;
  readonly #stack: AsyncDisposableStack;
  #worker: number | undefined;

  private constructor(
    shared: SharedTargets,
    { cases, listeners, stack }: {
      cases: readonly AttackCase[];
      listeners: Listeners;
      stack: AsyncDisposableStack;
    },
  ) {
    this.root = shared.root;
    this.shared = shared;
    this.#listeners = listeners;
    this.#stack = stack;
    const worker = () => this.#worker ??= stack.use(new Decoy(shared.variable)).pid;
    this.#scenes = new Map(cases.map((one, index) => {
      const token = `case${index}x${shared.variable.slice(-8)}`;
      const scene = sceneOf(one, { shared, listeners, token, worker });
      stack.defer(() => scene.leave());
      return [one.name, scene] as const;
    }));
  }

  static async make(options: GroundOptions): Promise<Ground> {
    await using stack = new AsyncDisposableStack();
    const root = realpathSync(Deno.makeTempDirSync({ dir: options.tmp, prefix: "sheath-attack-" }));
    stack.defer(() => removeTree(root));
    const folder = (name: string) => join(root, name);
    for (const name of ["workspace", "workspace/things", "outside", "home", "tmp", "state"]) {
      mkdirSync(folder(name));
    }
    const sockets = [folder("outside/s"), folder("workspace/things/s")] as const;
    const listeners = stack.use(await listen(sockets));
    const { tcpPort, tcp6Port, udpPort } = listeners;
    const shared: SharedTargets = {
      root,
      workspace: folder("workspace"),
      storage: folder("storage"),
      fabric: folder("fabric"),
      program: options.program,
      tcpPort,
      tcp6Port,
      udpPort,
      socket: sockets[0],
      insideSocket: sockets[1],
      pipe: folder("workspace/things/pipe"),
      sparse: folder("workspace/things/sparse"),
      variable: `variable-${crypto.randomUUID()}`,
    };
    makeThings(shared);
    writeFileSync(folder("workspace/plain.txt"), "plain\n");
    return new Ground(shared, { cases: options.cases, listeners, stack: stack.move() });
  }

  /** The process to be attacked; where none is named a decoy stands for it. */
  attack(worker: number): void {
    this.#worker = worker;
  }

  scene({ name }: AttackCase): Scene {
    const scene = this.#scenes.get(name);
    if (!scene) throw new TypeError(`No scene for "${name}"`);
    return scene;
  }

  /** What reached a listener and names no case. */
  strays(): readonly string[] {
    return this.#listeners.heard().filter((text) => !/case\d+x/.test(text));
  }

  /** What a process of the user has: folders of this ground, and secrets. */
  get variables(): Readonly<Record<string, string>> {
    const { root, variable } = this.shared;
    return {
      PATH: "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
      HOME: join(root, "home"),
      TMPDIR: join(root, "tmp"),
      XDG_STATE_HOME: join(root, "state"),
      [VARIABLE]: variable,
      OPENAI_API_KEY: variable,
    };
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#stack.disposeAsync();
  }
}

type SceneOptions = {
  readonly shared: SharedTargets;
  readonly listeners: Listeners;
  readonly token: string;
  readonly worker: () => number;
};

function sceneOf(one: AttackCase, { shared, listeners, token, worker }: SceneOptions): Scene {
  const canary = `canary-${crypto.randomUUID()}`;
  const folder = join(shared.workspace, token);
  const outside = join(shared.root, "outside", token);
  const secret = join(outside, "secret.txt");
  mkdirSync(folder);
  mkdirSync(join(outside, "folder"), { recursive: true });
  writeFileSync(secret, `${canary}\n`);
  writeFileSync(join(outside, "folder/deep.txt"), `${canary}\n`);
  writeFileSync(join(folder, "plain.txt"), "plain\n");
  const links: Readonly<Record<string, string>> = {
    "file-link": secret,
    "folder-link": outside,
    "relative-link": `../../outside/${token}/secret.txt`,
    "chain-1": "chain-2",
    "chain-2": "chain-3",
    "chain-3": secret,
    "dangling": join(outside, "made-by-dangling.txt"),
    "root-link": "/",
  };
  for (const [name, target] of Object.entries(links)) symlinkSync(target, join(folder, name));
  return new Scene({ token, canary, folder, outside, secret, worker, shared }, {
    listeners,
    prepare: one.prepare,
  });
}

/** What hangs or fills the memory of whoever reads it. */
function makeThings({ pipe, sparse, workspace }: SharedTargets): void {
  const made = new Deno.Command("mkfifo", { args: [pipe], stderr: "null" }).outputSync();
  if (!made.success) writeFileSync(pipe, "");
  const file = openSync(sparse, "w");
  ftruncateSync(file, SPARSE_BYTES);
  closeSync(file);
  symlinkSync("/dev/zero", join(workspace, "things/zero"));
}

/** Again and again: what an attack left behind may still make files. There may be very many. */
async function removeTree(root: string): Promise<void> {
  for (let tries = 1;; tries++) {
    try {
      return await rm(root, { recursive: true, force: true });
    } catch (thrown) {
      if (tries === MAX_TRIES) throw thrown;
      openUp(root);
    }
  }
}

/** What was made immutable or closed to its owner. */
function openUp(root: string): void {
  new Deno.Command("/bin/sh", {
    args: ["-c", 'chattr -R -f -i -a "$0"; chmod -R u+rwx "$0"', root],
    stdout: "null",
    stderr: "null",
  }).outputSync();
}
