// Protected names are back in place when a host may use them: at the terminal frame, and at the end
// of the worker.
import { strict as assert } from "node:assert";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { bash } from "../support/commands.ts";
import { until } from "../support/deadline.ts";
import { Playground } from "../support/playground.ts";
import { calling, scriptedSpec } from "../support/scripted_spec.ts";
import type { WorkerConnection } from "../support/worker_connection.ts";
import { WorkerProcess } from "../support/worker_process.ts";

const REPOSITORIES = 200;

/** Plants hooks, as many as take a while to remove, then hangs. */
const PLANTS = `for n in $(seq ${REPOSITORIES}); do
  mkdir -p many/$n/.git/hooks; echo planted > many/$n/.git/hooks/pre-commit
done
mkdir -p .git/hooks; echo planted > .git/hooks/pre-commit; echo planted >> .git/config
touch planted; sleep 600`;

const CONFIG = "[core]\n";

type Scene = {
  readonly ground: Playground;
  readonly worker: WorkerProcess;
  readonly connection: WorkerConnection;
};

type Ending = {
  readonly reusable: boolean;
  readonly limits?: Readonly<Record<string, unknown>>;
  /** Resolves when a host may look at the workspace. */
  readonly end: (scene: Scene) => Promise<void>;
};

const endings: Record<string, Ending> = {
  "the run has completed": {
    reusable: true,
    async end({ ground, connection }) {
      writeFileSync(ground.path("go"), "");
      assert.equal((await connection.finish()).terminal.status, "completed");
    },
  },
  "the run has been cancelled": {
    reusable: true,
    async end({ ground, connection }) {
      connection.send({ kind: "cancel" });
      assert.equal((await connection.finish()).terminal.status, "cancelled");
      // The frame does not wait for it: a cancel is answered within 200 ms.
      const isClean = () => planted(ground).length === 0 || undefined;
      await until(isClean, { what: "end of what was planted" });
    },
  },
  "the run's time is over": {
    reusable: true,
    limits: { run_timeout_secs: 2 },
    async end({ connection }) {
      assert.equal((await connection.finish()).terminal.reason, "timeout");
    },
  },
  "a worker for one run has ended": {
    reusable: false,
    async end({ worker, connection }) {
      connection.send({ kind: "cancel" });
      await connection.finish();
      await connection.close();
      await worker.process.exit();
    },
  },
  "a worker has ended by SIGTERM": {
    reusable: true,
    end: async ({ worker }) => void await worker.stop(),
  },
};

function planted(ground: Playground): string[] {
  const folders = Array.from({ length: REPOSITORIES }, (_, index) => `many/${index + 1}/`);
  return [...folders, ""]
    .filter((folder) => existsSync(ground.path(`${folder}.git/hooks/pre-commit`)));
}

Deno.test("nothing planted under protected names is left", async (t) => {
  for (
    const [name, { reusable, limits = {}, end }] of Object.entries(endings)
  ) {
    await t.step(`when ${name}`, async () => {
      using ground = new Playground({ ".git/config": CONFIG });
      const spec = scriptedSpec(ground, [
        calling(
          bash(PLANTS, { run_in_background: true }),
          bash("while [ ! -e go ]; do sleep 0.01; done"),
        ),
        { text: "end" },
      ], { reusable, limits });
      await using worker = await WorkerProcess.start({ ground, spec });
      await using connection = await worker.connect();
      connection.send({ kind: "run", assignment: "go" });
      await until(() => existsSync(ground.path("planted")) || undefined, {
        what: "planted",
      });
      await end({ ground, worker, connection });
      assert.deepEqual(planted(ground), []);
      assert.equal(readFileSync(ground.path(".git/config"), "utf8"), CONFIG);
    });
  }
});
