// The nouns of attacks that are no calls of tools: by a stranger at the socket, by the provider, by
// what a person is shown, by a child that asks for more.
import type { Grants } from "../grants/grants.ts";
import type { Level } from "../grants/level.ts";
import type { Layer, SharedTargets } from "./attack_case.ts";

export type DirectCase = {
  /** As of an AttackCase. */
  readonly name: string;
  readonly row: number;
  readonly layer: Layer;
  readonly needs?: Level;
  /** Makes what it needs, on either ground, before the worker starts in that workspace. */
  readonly prepare?: (shared: SharedTargets) => void;
  /** Done to a worker, and to what stands for one without a cage: one judgement for both. */
  readonly attack: (stage: Stage) => Promise<Sight>;
};

export type Sight = {
  /** What shows that it worked, in one line; undefined if it did not. */
  readonly sign: string | undefined;
  /** How it ended. */
  readonly told: string;
};

/** A worker with a model at a server of ours and a WebSocket, or what is as trusting as it is not. */
export type Stage = {
  readonly shared: SharedTargets;
  /** The credential; only the model's server is to see it. */
  readonly key: string;
  /** On 127.0.0.1, of the WebSocket; and the token that opens it. */
  readonly port: number;
  readonly token: string;
  /**
   * Has the model asked, which answers so, and resolves with all that can be seen then: frames, log,
   * files, arguments and variables. Where there is no cage the shell command stands for it, if given.
   */
  ask(answer: Answer, openly?: string): Promise<readonly string[]>;
  /** What reached the listeners so far. */
  contacts(): readonly string[];
  /** Why its host cannot have it run any more, or that it takes up too much. */
  harm(): Promise<string | undefined>;
  /** What a person is shown of a resource to be approved. */
  shown(resource: string): string;
  /** What a child gets that wants so much; undefined if it is refused. */
  given(parent: Grants, wanted: Grants): Grants | undefined;
};

/** Of the model's server to the body of one request. */
export type Answer = (body: string) => Response;
