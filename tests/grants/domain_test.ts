import { strict as assert } from "node:assert";
import { type Domain, domainsOf, SYSTEM_FOLDERS } from "../../src/grants/domain.ts";
import { commandEnvironment } from "../../src/grants/command_environment.ts";
import type { Grants } from "../../src/grants/grants.ts";
import { webGrant } from "../../src/grants/web_grant.ts";

const PROGRAM = "/opt/sheath/bin/sheath";

const GRANTS: Grants = {
  level: "kernel",
  missing: [],
  holdsSignals: true,
  places: {
    fabricDir: "/f",
    storageDir: "/s",
    workspace: "/w",
    read: ["/r"],
    write: ["/out", "/w"],
    skills: ["/skills"],
  },
  routes: [{
    id: "provider",
    purpose: "provider",
    origin: "https://api.example",
    pathPrefix: "",
    methods: ["POST"],
    protocol: "openai",
    credential: 0,
  }],
  web: { type: "hosts", hosts: [] },
  disabledTools: [],
  commands: { type: "boxed" },
  skills: { trustsWorkspace: false, mode: undefined, disabled: [], selected: undefined },
  approvals: { enforced: false, bypassed: false, mode: "default", threshold: "low" },
  limits: {
    maxRounds: 1,
    runTimeoutMs: undefined,
    commands: {
      memoryBytes: 1,
      processes: 1,
      cpuSecs: undefined,
      fileBytes: 1,
      outputBytes: 1,
      tmpBytes: 1,
    },
  },
  budget: {
    totalTokens: undefined,
    costUsd: undefined,
    toolCalls: undefined,
    subagents: undefined,
    wallMs: undefined,
  },
  prices: {},
};

function withCommands(commands: Grants["commands"]): Grants {
  return { ...GRANTS, commands };
}

const REFUSED = withCommands({ type: "refused", why: "no" });

function pathsOf({ paths }: Domain, access: string): string[] {
  return paths.filter((rule) => rule.access === access).map(({ path }) => path);
}

Deno.test("domainsOf() keeps agent and hands out of each other's folders", () => {
  const { agent, hands } = domainsOf(GRANTS, { program: PROGRAM });
  assert.deepEqual(agent.paths, [{ path: "/s", access: "write" }]);
  assert.deepEqual(pathsOf(hands, "write+execute"), ["/w", "/out", "/s/home", "/s/tmp"]);
  assert.deepEqual(pathsOf(hands, "read+execute"), ["/r", "/skills", PROGRAM, ...SYSTEM_FOLDERS]);
  assert.deepEqual(pathsOf(hands, "write"), ["/dev/null"]);
  for (const { isSealed, connectPorts, bindPorts } of [agent, hands]) {
    assert.deepEqual([isSealed, connectPorts, bindPorts], [true, [], []]);
  }
});

Deno.test("domainsOf() gives hands nothing to execute where commands do not run inside", () => {
  for (const commands of [REFUSED, withCommands({ type: "unconfined" })]) {
    assert.deepEqual(domainsOf(commands, { program: PROGRAM }).hands.paths, [
      { path: "/w", access: "write" },
      { path: "/out", access: "write" },
      { path: "/r", access: "read" },
      { path: "/skills", access: "read" },
    ]);
  }
});

Deno.test("domainsOf() lets the process do what all threads need, and serve", () => {
  const tcp = domainsOf(REFUSED, { program: PROGRAM }).process;
  assert.deepEqual(pathsOf(tcp, "write"), ["/s", "/f", "/w", "/out"]);
  assert.deepEqual([tcp.connectPorts, tcp.bindPorts, tcp.isSealed], [[443, 53], [0], false]);
  const unix = domainsOf(REFUSED, { program: PROGRAM, socket: "/run/x/s" }).process;
  assert.deepEqual(pathsOf(unix, "write"), ["/s", "/f", "/run/x", "/w", "/out"]);
  assert.deepEqual(unix.bindPorts, []);
  const offline = domainsOf({ ...REFUSED, routes: [] }, { program: PROGRAM }).process;
  assert.deepEqual(offline.connectPorts, []);
});

Deno.test("domainsOf() opens the ports of granted hosts to the process alone", () => {
  const web = webGrant(["a.example:8443", "b.example:80", "127.0.0.1:8080"]);
  const domains = domainsOf({ ...REFUSED, web }, { program: PROGRAM });
  assert.deepEqual(domains.process.connectPorts, [443, 8443, 80, 8080, 53]);
  assert.deepEqual([domains.agent.connectPorts, domains.hands.connectPorts], [[], []]);
  const open = domainsOf({ ...REFUSED, routes: [], web: webGrant(["public"]) }, {
    program: PROGRAM,
  });
  assert.deepEqual(open.process.connectPorts, [80, 443, 53]);
});

Deno.test("domainsOf() lets a start that fails take back the folders it made", () => {
  const made = ["/var/a", "/var/b", "/s/work"];
  const { process, hands } = domainsOf(GRANTS, { program: PROGRAM, made });
  assert.deepEqual(pathsOf(process, "unmake"), ["/var", "/s"]);
  assert.deepEqual(pathsOf(hands, "unmake"), []);
});

Deno.test("domainsOf() never names a whole disk, home, /etc, /proc or /sys for commands", () => {
  const { hands } = domainsOf(GRANTS, { program: PROGRAM });
  for (const { path } of hands.paths) {
    assert.ok(
      !["/", "/home", "/root", "/etc", "/proc", "/sys", "/dev", "/tmp", "/run", "/var"]
        .includes(path),
      path,
    );
  }
});

Deno.test("commandEnvironment() takes of the user's PATH what the box can run", () => {
  const user = { home: "/home/u", path: "/home/u/bin:/usr/bin:/w/bin:/r/bin:.:bin:/usr/games" };
  assert.deepEqual(commandEnvironment(GRANTS, user), {
    PATH: "/usr/bin:/r/bin:/usr/games:/usr/local/sbin:/usr/local/bin:/usr/sbin:/sbin:/bin",
    HOME: "/s/home",
    TMPDIR: "/s/tmp",
    LANG: "C.UTF-8",
    TERM: "dumb",
    PAGER: "cat",
    GIT_PAGER: "cat",
    GIT_TERMINAL_PROMPT: "0",
    npm_config_update_notifier: "false",
  });
});

Deno.test("commandEnvironment() gives unconfined commands the user's home and PATH", () => {
  const user = { home: "/home/u", path: "/home/u/bin:/usr/bin" };
  const { PATH, HOME } = commandEnvironment(withCommands({ type: "unconfined" }), user);
  assert.equal(HOME, "/home/u");
  assert.match(PATH ?? "", /^\/home\/u\/bin:\/usr\/bin:/);
});
