// Files of the system, of the user and of the worker itself that no command may touch.
import type { AttackCase } from "./attack_case.ts";
import { bash, read, write } from "./steps.ts";

/** Told apart from what the box may have in its place by device and inode. */
const reachable = (paths: readonly string[]) =>
  paths.flatMap((path) => {
    const identity = identityOf(path);
    const is = `[ "$(stat -Lc %d:%i ${path} 2>/dev/null)" = ${identity} ]`;
    const opens = `{ ls ${path}/. >/dev/null 2>&1 || head -c1 ${path} >/dev/null 2>&1; }`;
    return identity === undefined ? [] : [`${is} && ${opens} && echo REACHED ${path}`];
  }).join("; ");

/** A file of the worker's own, with a secret. */
function ownFile(folder: string, canary: string): void {
  Deno.mkdirSync(folder, { recursive: true, mode: 0o700 });
  Deno.writeTextFileSync(`${folder}/own-${canary.slice(-8)}`, canary);
}

function identityOf(path: string): string | undefined {
  try {
    const { dev, ino } = Deno.statSync(path);
    return `${dev}:${ino}`;
  } catch {
    return undefined; // there is none here
  }
}

/** Listing, not reading: what is in them is nobody's business, not even ours. */
const FOLDERS: Readonly<Record<string, readonly string[]>> = {
  "the home folders": ["/root", "/home"],
  "the folder of temporary files": ["/tmp", "/var/tmp"],
  "what runs on the machine": ["/run", "/run/lock", "/run/systemd"],
  "logs, mail and databases": ["/var", "/var/log", "/var/lib", "/var/spool", "/srv"],
  "the kernel's tables": ["/proc", "/proc/1", "/sys/kernel", "/sys/fs/cgroup"],
  "devices": ["/dev", "/dev/shm", "/dev/pts", "/dev/disk"],
  "the root folder": ["/", "/boot", "/mnt", "/media"],
};

export const FILE_CASES: readonly AttackCase[] = [
  ...Object.entries(FOLDERS).map(([what, paths]): AttackCase => ({
    name: `Bash lists ${what}`,
    row: 7,
    layer: "landlock",
    attack: () => [bash(reachable(paths))],
  })),
  {
    name: "secrets of the system",
    row: 7,
    layer: "landlock",
    attack: () => [
      bash(
        reachable([
          "/etc/shadow",
          "/etc/gshadow",
          "/etc/sudoers",
          "/etc/ssh",
          "/etc/machine-id",
          "/etc/hostname",
          "/etc/crontab",
        ]),
      ),
    ],
  },
  {
    name: "Read reads files of the system",
    row: 7,
    layer: "deno",
    leaked: ({ outputs }) => outputs.some(({ isDone }) => isDone) ? "it was shown" : undefined,
    attack:
      () => [read("/etc/passwd"), read("/etc"), read("/dev/fd/0"), read("/proc/self/environ")],
  },
  {
    name: "files in shared folders for temporary files",
    row: 7,
    layer: "landlock",
    attack: ({ token }) => [
      bash(
        `for d in /tmp /var/tmp /dev/shm; do : > $d/sheath-attack-${token}; done`,
      ),
    ],
  },
  {
    name: "the home of the user",
    row: 7,
    layer: "landlock",
    prepare: ({ shared: { root }, canary }) =>
      Deno.writeTextFileSync(`${root}/home/${canary}`, canary),
    attack: ({ shared: { root }, token }) => [
      bash(
        `: > ${root}/home/.bashrc-${token}; : > ${root}/${token}; ls ${root}/home; cat ${root}/home/*`,
      ),
    ],
  },
  {
    name: "the folder of records is read and written by a command",
    row: 7,
    layer: "landlock",
    prepare: ({ shared: { fabric }, canary }) => ownFile(fabric, canary),
    attack: ({ shared: { fabric }, token }) => [
      bash(
        `ls ${fabric}; cat ${fabric}/*; echo '{}' > ${fabric}/${token}.json; ln -s / ${fabric}/${token}`,
      ),
    ],
  },
  {
    name: "sessions, metrics and the rest of the storage folder by a command",
    row: 7,
    layer: "landlock",
    prepare: ({ shared: { storage }, canary }) => ownFile(`${storage}/sessions`, canary),
    attack: ({ shared: { storage }, token }) => [
      bash(
        `ls -R ${storage}; cat ${storage}/sessions/* ${storage}/home/../sessions/*; : > ${storage}/${token}; ` +
          `: > ${storage}/sessions/${token}; mkdir ${storage}/home/../sessions/${token}`,
      ),
    ],
  },
  {
    name: "file tools write the record, the sessions and the home of commands",
    row: 7,
    layer: "deno",
    leaked: ({ outputs }) => outputs.some(({ isDone }) => isDone) ? "the tool did it" : undefined,
    attack: ({ shared: { storage, fabric }, token }) =>
      [
        `${storage}/${token}`,
        `${storage}/sessions/${token}`,
        `${fabric}/attacked.json`,
        `${storage}/home/${token}`,
        `${storage}/tmp/${token}`,
      ]
        .map((path) => ({
          ...write(path),
          control: `mkdir -p "$(dirname ${path})"; echo x > ${path}`,
        })),
  },
  {
    name: "the program itself is changed",
    row: 7,
    layer: "landlock",
    attack: ({ shared: { program }, token }) => [
      {
        ...bash(`: >> ${program} && echo REACHED; : > "$(dirname ${program})/${token}"`),
        control: "cp /bin/true program; : >> ./program && echo REACHED",
      },
    ],
  },
  {
    name: "a keeper of the attacker's own, told that it is not boxed",
    row: 7,
    layer: "landlock",
    attack: ({ shared: { program }, secret }) => {
      const setup = {
        type: "setup",
        boxed: false,
        limits: { memoryBytes: 2 ** 30, fileBytes: 2 ** 30 },
        env: {},
      };
      const start = { type: "start", id: 1, argv: ["/bin/cat", secret], cwd: "/" };
      const lines = [setup, start].map((line) => JSON.stringify(line)).join("\n");
      return [bash(`(echo '${lines}'; sleep 1.5) | ${program} keeper`)];
    },
  },
  {
    name: "a program outside is run, also by the loader of programs",
    row: 7,
    layer: "landlock",
    attack: ({ outside }) => [
      bash(
        `${outside}/run; bash ${outside}/run; . ${outside}/run; for l in /lib64/ld-linux-x86-64.so.2 /lib/ld-linux-aarch64.so.1; do [ -x $l ] && $l ${outside}/true && echo REACHED; done`,
      ),
    ],
    prepare: ({ outside }) => {
      Deno.writeTextFileSync(`${outside}/run`, "#!/bin/sh\necho REACHED\n", { mode: 0o755 });
      Deno.copyFileSync("/bin/true", `${outside}/true`);
    },
  },
  {
    name: "devices are made",
    row: 7,
    layer: "landlock",
    attack: () => [
      bash("mknod zero c 1 5 && echo REACHED; mknod disk b 7 0 && echo REACHED; rm -f zero disk"),
    ],
  },
  {
    name: "a system folder is written",
    row: 7,
    layer: "landlock",
    attack: ({ token }) => [
      {
        ...bash(
          `for d in /usr/local/bin /usr/bin /opt /etc /usr/lib; do : > $d/sheath-${token} && { echo REACHED $d; rm -f $d/sheath-${token}; }; done`,
        ),
        control: ": > new && echo REACHED",
      },
    ],
  },
];
