import fc from "fast-check";
import { strict as assert } from "node:assert";
import { isInside } from "../../src/base/path_inside.ts";
import { WorkerError } from "../../src/core/errors.ts";
import { attenuate } from "../../src/grants/attenuate.ts";
import { domainsOf } from "../../src/grants/domain.ts";
import type { CommandGrant, Grants } from "../../src/grants/grants.ts";
import { isAtLeast, LEVELS } from "../../src/grants/level.ts";
import { MODES } from "../../src/permissions/mode.ts";
import { RISKS } from "../../src/core/permission.ts";
import { denoPermissions } from "../../src/grants/project.ts";
import { isGranted, refusedWebTools, type WebGrant, webGrant } from "../../src/grants/web_grant.ts";

const segment = fc.constantFrom("a", "b", "ab", "c");
const path = fc.array(segment, { minLength: 1, maxLength: 4 }).map((names) =>
  `/${names.join("/")}`
);
const paths = fc.array(path, { maxLength: 3 });
const bound = fc.integer({ min: 1, max: 9 });
const maybe = fc.option(bound, { nil: undefined });
const commands = fc.constantFrom<CommandGrant>(
  { type: "refused", why: "no" },
  { type: "boxed" },
  { type: "unconfined" },
);
const route = fc.record({
  id: fc.constantFrom("provider", "other"),
  purpose: fc.constant("provider" as const),
  origin: fc.constantFrom("https://a.example", "https://b.example:8443"),
  pathPrefix: fc.constantFrom("", "/v1"),
  methods: fc.subarray(["GET", "POST"]),
  protocol: fc.constantFrom("openai" as const, "anthropic" as const),
  credential: fc.nat(1),
});

const HOSTS = ["a.example:443", "b.example:80", "127.0.0.1:8080"];
const web: fc.Arbitrary<WebGrant> = fc.oneof(
  fc.constant(webGrant(["public"])),
  fc.subarray(HOSTS).map(webGrant),
);

const SKILLS = ["a", "b", "c"];

const grants: fc.Arbitrary<Grants> = fc.record({
  level: fc.constantFrom(...LEVELS),
  missing: fc.constant([]),
  holdsSignals: fc.constant(true),
  places: fc.record({
    fabricDir: fc.constant("/f"),
    storageDir: fc.constantFrom("/s/1", "/s/1/children/2"),
    workspace: path,
    read: paths,
    write: paths,
    skills: paths,
  }),
  routes: fc.array(route, { maxLength: 2 }),
  web,
  disabledTools: fc.subarray(["Read", "Write", "Bash"]),
  commands,
  skills: fc.record({
    trustsWorkspace: fc.boolean(),
    mode: fc.constantFrom(undefined, "plan"),
    disabled: fc.subarray(SKILLS),
    selected: fc.option(fc.subarray(SKILLS), { nil: undefined }),
  }),
  approvals: fc.record({
    enforced: fc.boolean(),
    bypassed: fc.boolean(),
    mode: fc.constantFrom(...MODES),
    threshold: fc.constantFrom(...RISKS),
  }),
  limits: fc.record({
    maxRounds: bound,
    runTimeoutMs: maybe,
    commands: fc.record({
      memoryBytes: bound,
      processes: bound,
      cpuSecs: maybe,
      fileBytes: bound,
      outputBytes: bound,
      tmpBytes: bound,
    }),
  }),
  budget: fc.record({
    totalTokens: maybe,
    costUsd: maybe,
    toolCalls: maybe,
    subagents: maybe,
    wallMs: maybe,
  }),
  prices: fc.dictionary(
    fc.constantFrom("m", "n"),
    fc.record({ input: bound, cachedInput: bound, cacheWrite: bound, output: bound }),
  ),
});

function narrowed(parent: Grants, wanted: Grants): Grants | undefined {
  try {
    return attenuate(parent, wanted);
  } catch (thrown) {
    if (thrown instanceof WorkerError && thrown.fault === "refused") return undefined;
    throw thrown;
  }
}

type Granted = boolean | readonly string[];

function assertWithin(inner: Granted, outer: Granted): void {
  if (outer === true) return;
  assert.notEqual(inner, true);
  for (const path of inner === true || !inner ? [] : inner) {
    assert.ok((outer || []).some((root) => isInside(path, root)), `${path} is not in ${outer}`);
  }
}

function assertAtMost(inner: number | undefined, outer: number | undefined): void {
  assert.ok(outer === undefined || (inner !== undefined && inner <= outer));
}

const RANK = { refused: 0, boxed: 1, unconfined: 2 };

Deno.test("attenuate() never gives a child what its parent has not, in any dimension", () => {
  fc.assert(
    fc.property(grants, grants, (parent, wanted) => {
      const child = narrowed(parent, wanted);
      if (!child) return;
      const [inner, outer] = [denoPermissions(child, "/p"), denoPermissions(parent, "/p")];
      assertWithin(inner.hands.read, outer.hands.read);
      assertWithin(inner.hands.write, outer.hands.write);
      assertWithin(inner.gateway.net, outer.gateway.net);
      for (const host of HOSTS) {
        assert.ok(!isGranted(child.web, host) || isGranted(parent.web, host), host);
      }
      // "public" reaches global addresses only, a host by its name others too.
      const isWider = parent.web.type === "public" && child.web.type === "hosts";
      assert.ok(!isWider || refusedWebTools(child.web).WebFetch !== undefined);
      assert.ok(isAtLeast(child.level, parent.level));
      assert.ok(RANK[child.commands.type] <= RANK[parent.commands.type]);
      assert.ok(parent.disabledTools.every((name) => child.disabledTools.includes(name)));
      assert.ok(child.approvals.enforced || !parent.approvals.enforced);
      assert.ok(!child.approvals.bypassed || parent.approvals.bypassed);
      assert.ok(
        RISKS.indexOf(child.approvals.threshold) <= RISKS.indexOf(parent.approvals.threshold),
      );
      const isLooser = child.approvals.mode === "bypassPermissions";
      assert.ok(!isLooser || parent.approvals.mode === "bypassPermissions");
      for (const { origin, credential } of child.routes) {
        assert.ok(
          parent.routes.some((held) => held.origin === origin && held.credential === credential),
        );
      }
      assertAtMost(child.limits.maxRounds, parent.limits.maxRounds);
      assertAtMost(child.limits.runTimeoutMs, parent.limits.runTimeoutMs);
      const [ours, theirs] = [child.limits.commands, parent.limits.commands];
      for (const name of ["memoryBytes", "processes", "cpuSecs", "fileBytes"] as const) {
        assertAtMost(ours[name], theirs[name]);
      }
      assertAtMost(ours.outputBytes, theirs.outputBytes);
      assertAtMost(ours.tmpBytes, theirs.tmpBytes);
      for (
        const name of ["totalTokens", "costUsd", "toolCalls", "subagents", "wallMs"] as const
      ) {
        assertAtMost(child.budget[name], parent.budget[name]);
      }
      assert.deepEqual(child.prices, parent.prices);
      assert.ok(!child.skills.trustsWorkspace || parent.skills.trustsWorkspace);
      const counts = ({ skills: { disabled, selected = SKILLS } }: Grants) =>
        selected.filter((name) => !disabled.includes(name));
      assert.ok(counts(child).every((name) => counts(parent).includes(name)));
    }),
    { numRuns: 2_000 },
  );
});

Deno.test("attenuate() through a grandchild gives no more than the grandparent has", () => {
  fc.assert(
    fc.property(grants, grants, grants, (top, middle, bottom) => {
      const child = narrowed(top, middle);
      const grandchild = child && narrowed(child, bottom);
      if (!grandchild) return;
      // The keeper is our own program, wherever commands run.
      const hands = (grants: Grants) =>
        domainsOf(grants, { program: "/p" }).hands.paths.filter(({ path }) => path !== "/p");
      const own = [`${grandchild.places.storageDir}/home`, `${grandchild.places.storageDir}/tmp`];
      const reach = hands(top).map(({ path }) => path);
      for (const { path, optional } of hands(grandchild)) {
        if (optional || own.includes(path)) continue;
        assert.ok(reach.some((root) => isInside(path, root)), path);
      }
    }),
    { numRuns: 1_000 },
  );
});

Deno.test("attenuate() gives an equal wish whole", () => {
  fc.assert(fc.property(grants, (both) => {
    // A spec cannot have others: derive.ts refuses them.
    const writable = [both.places.workspace, ...both.places.write];
    const isOwn = (path: string) => writable.some((root) => isInside(path, root));
    fc.pre(both.skills.trustsWorkspace || !both.places.skills.some(isOwn));
    assert.equal(JSON.stringify(attenuate(both, both)), JSON.stringify(both));
  }));
});
