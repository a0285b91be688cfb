// The nouns of the corpus: one attack, what it aims at, what is seen afterwards, and what that means.
import type { Level } from "../grants/level.ts";

/** What is meant to stop an attack, first of all. */
export const LAYERS = [
  "hygiene",
  "deno",
  "landlock",
  "seccomp",
  "limits",
  "guard",
  "gateway",
  "socket",
  "grants",
  "host",
] as const;
export type Layer = (typeof LAYERS)[number];

export type AttackCase = {
  /** What is tried, in lower case; no two are the same. */
  readonly name: string;
  /** Row of the table of attacks in docs/security.md. */
  readonly row: number;
  readonly layer: Layer;
  /** The least level at which it is contained. `deno` if not given. */
  readonly needs?: Level;
  /** Why it is open at every level, as docs/security.md states it: then it counts as that. */
  readonly bound?: string;
  /** Calls of tools, one after another. */
  readonly attack: (targets: Targets) => readonly Step[];
  /** What shows that it worked, in one line, beside what `signsOfLeak` finds in any case. */
  readonly leaked?: (observation: Observation, targets: Targets) => string | undefined;
  /**
   * In a worker of its own, since it may end it; `kill`: which is killed on the spot as soon as
   * `beat` is there.
   */
  readonly alone?: "runs" | "kill";
  /**
   * Variables of the worker's process, beside the ground's own. Cases that name the same function
   * share a worker.
   */
  readonly variables?: (shared: SharedTargets) => Readonly<Record<string, string>>;
  /** Makes what the attack needs, on either ground. */
  readonly prepare?: (targets: Targets) => void;
};

/** One call of a tool, and the shell command that does the same where there is no cage. */
export type Step = {
  readonly tool: string;
  readonly args: Readonly<Record<string, unknown>>;
  readonly control: string;
};

/** What one case may aim at; each case has its own, but for what is said to be shared. */
export type Targets = {
  /** Names this case in what it sends. */
  readonly token: string;
  /** Stands in everything that must not be read. */
  readonly canary: string;
  /** A folder of the workspace with links that lead out of it. */
  readonly folder: string;
  /** A folder outside, with `secret.txt` and `folder/deep.txt`. */
  readonly outside: string;
  readonly secret: string;
  /** A process of this user, with the canary in its arguments and environment. */
  readonly decoy: () => number;
  /** The process that is attacked; of the ground without a cage, another decoy. */
  readonly worker: () => number;
  /** Shared: what the ground has one of. */
  readonly shared: SharedTargets;
};

export type SharedTargets = {
  readonly root: string;
  readonly workspace: string;
  readonly storage: string;
  readonly fabric: string;
  /** Path of the program that runs the worker; of the ground without a cage, another file. */
  readonly program: string;
  readonly tcpPort: number;
  /** On ::1; 0 where there is no such address. */
  readonly tcp6Port: number;
  readonly udpPort: number;
  /** A unix socket outside, and one in the workspace. */
  readonly socket: string;
  readonly insideSocket: string;
  /** In the workspace. */
  readonly pipe: string;
  readonly sparse: string;
  /** Value of the variables that the worker's process is given. */
  readonly variable: string;
};

/** What there was to see of one case. */
export type Observation = {
  /** What came back of each step: what a program printed, or the text of the tool. */
  readonly outputs: readonly Output[];
  /** Messages with the case's token that reached a listener, by the listener's name. */
  readonly contacts: readonly string[];
  /** Names in the folder outside that were made, changed or removed. */
  readonly outside: readonly string[];
  /** Paths of files with the case's token in their name, where none belongs. */
  readonly planted: readonly string[];
  /** Relative names of everything in the case's folder. */
  readonly inside: readonly string[];
  readonly isDecoyGone: boolean;
  /** Whether something still writes into `beat` after the steps are over. */
  readonly isBeating: boolean;
  /** Whether the worker ended or no longer answered, and what it said. */
  readonly end: string | undefined;
};

export type Output = {
  readonly tool: string;
  readonly stdout: string;
  readonly stderr: string;
  readonly ms: number;
  /** Whether the tool said that it did what it was asked. */
  readonly isDone: boolean;
};

export const VERDICTS = [
  "contained",
  "leaked",
  "known open",
  "not applicable",
  "not run",
] as const;
export type Verdict = (typeof VERDICTS)[number];

export type CaseResult = {
  readonly name: string;
  readonly row: number;
  readonly layer: Layer;
  readonly verdict: Verdict;
  /** One line. */
  readonly evidence: string;
};
