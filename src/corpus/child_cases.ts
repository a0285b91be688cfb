// A child that asks for what its parent does not have.
import { isInside } from "../base/path_inside.ts";
import { deriveGrants } from "../grants/derive.ts";
import type { Grants } from "../grants/grants.ts";
import { decodeSpec } from "../protocol/spec.ts";
import type { DirectCase } from "./direct_case.ts";

type Wish = {
  readonly wanted: (parent: Grants) => Partial<Grants>;
  /** Whether a child with this has what its parent has not. */
  readonly isMore: (child: Grants, parent: Grants) => boolean;
};

const WORKSPACE = "/home/u/app";
const DOC = "/usr/share/doc";
const KEYS = "/home/u/.ssh";

const isElsewhere = ({ places }: Grants) => !isInside(places.workspace, WORKSPACE);

const WISHES: Readonly<Record<string, Wish>> = {
  "a folder beside its parent's": {
    wanted: ({ places }) => ({ places: { ...places, workspace: `${WORKSPACE}2` } }),
    isMore: isElsewhere,
  },
  "the folder above its parent's": {
    wanted: ({ places }) => ({ places: { ...places, workspace: "/home/u" } }),
    isMore: isElsewhere,
  },
  "another folder to read": {
    wanted: ({ places }) => ({ places: { ...places, read: [DOC, KEYS] } }),
    isMore: ({ places }) => places.read.includes(KEYS),
  },
  "to write what its parent reads": {
    wanted: ({ places }) => ({ places: { ...places, write: [DOC] } }),
    isMore: ({ places }) => places.write.length > 0,
  },
  "another key for its parent's place": {
    wanted: ({ routes }) => ({ routes: routes.map((route) => ({ ...route, credential: 1 })) }),
    isMore: ({ routes }) => routes.some(({ credential }) => credential !== 0),
  },
  "its parent's key for another place": {
    wanted: ({ routes }) => ({
      routes: routes.map((route) => ({ ...route, origin: `${route.origin}.evil` })),
    }),
    isMore: ({ routes }) => routes.some(({ origin }) => origin.endsWith(".evil")),
  },
  "more of its parent's place": {
    wanted: ({ routes }) => ({
      routes: routes.map((route) => ({ ...route, pathPrefix: "", methods: ["DELETE"] })),
    }),
    isMore: ({ routes }) => routes.some(({ pathPrefix }) => pathPrefix === ""),
  },
  "commands without the box": {
    wanted: () => ({ commands: { type: "unconfined" } }),
    isMore: ({ commands }) => commands.type === "unconfined",
  },
  "a tool that its parent is refused": {
    wanted: () => ({ disabledTools: [] }),
    isMore: ({ disabledTools }) => !disabledTools.includes("Write"),
  },
  "a weaker cage": {
    wanted: () => ({ level: "deno" }),
    isMore: ({ level }) => level === "deno",
  },
  "to act unasked": {
    wanted: () => ({
      approvals: { enforced: false, bypassed: true, mode: "bypassPermissions", threshold: "high" },
    }),
    isMore: (child, parent) => isUnlike(child.approvals, parent.approvals),
  },
  "limits beyond its parent's": {
    wanted: ({ limits }) => ({
      limits: {
        maxRounds: limits.maxRounds + 1,
        runTimeoutMs: undefined,
        commands: { ...limits.commands, memoryBytes: limits.commands.memoryBytes * 2 },
      },
    }),
    isMore: (child, parent) => isUnlike(child.limits, parent.limits),
  },
  "a budget beyond its parent's": {
    wanted: ({ budget }) => ({ budget: { ...budget, totalTokens: undefined, toolCalls: 1_000 } }),
    isMore: (child, parent) => isUnlike(child.budget, parent.budget),
  },
};

export const CHILD_CASES: readonly DirectCase[] = Object.entries(WISHES).map(
  ([what, { wanted, isMore }]): DirectCase => ({
    name: `a child wants ${what}`,
    row: 23,
    layer: "grants",
    attack: (stage) => {
      const parent = parentGrants();
      const child = stage.given(parent, { ...parent, ...wanted(parent) });
      const sign = child && isMore(child, parent) ? "it got it" : undefined;
      const told = child ? "it got no more than its parent has" : "refused";
      return Promise.resolve({ sign, told });
    },
  }),
);

function isUnlike(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) !== JSON.stringify(b);
}

/** Of a worker that is asked, boxed and bounded in everything. */
function parentGrants(): Grants {
  const spec = decodeSpec(JSON.stringify({
    version: 1,
    identity: { child_id: "parent" },
    executor: { kind: "bamboo_runtime" },
    fabric_dir: "/run/fabric",
    disabled_tools: ["Write"],
    limits: { run_timeout_secs: 60, max_rounds: 10 },
    capabilities: {
      enforce_permissions: true,
      budget: { total_tokens: 1_000, tool_calls: 10 },
    },
  }));
  return deriveGrants(spec, {
    machine: {
      os: "linux",
      level: "kernel",
      missing: [],
      holdsSignals: true,
      unboxed: undefined,
      reserved: [],
    },
    places: {
      fabricDir: "/run/fabric",
      storageDir: "/run/storage",
      workspace: WORKSPACE,
      read: [DOC],
      write: [],
      skills: [],
    },
    provider: {
      protocol: "openai",
      name: "openai",
      credentialIndex: 0,
      baseUrl: "https://api.example/v1",
    },
  });
}
