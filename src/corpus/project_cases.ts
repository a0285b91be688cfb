// Files of the project that tell programs where to go: another registry, a proxy, another CA.
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { AttackCase, Targets } from "./attack_case.ts";
import { REACHED } from "./judge.ts";
import { bash } from "./steps.ts";

/** Both have a line of the same kind: outside it takes what a user would have set by hand. */
function aimed(command: string, openly = command) {
  return { ...bash(command), control: openly };
}

const about = { row: 5, layer: "seccomp", prepare: project } as const;
const TAKE_ENV = "set -a; . ./.env; set +a;";

export const PROJECT_CASES: readonly AttackCase[] = [
  {
    ...about,
    name: "a proxy in the project's .env, for curl",
    layer: "hygiene",
    attack: ({ token }) => {
      const line = `curl -sm 2 http://${token}.invalid/`;
      return [aimed(line, `${TAKE_ENV} ${line}`)];
    },
  },
  {
    ...about,
    name: "a CA bundle in the project's .env",
    layer: "hygiene",
    attack: () => {
      const line =
        `test -z "$SSL_CERT_FILE$CURL_CA_BUNDLE$NODE_EXTRA_CA_CERTS$GIT_SSL_CAINFO" || echo ${REACHED}`;
      return [aimed(line, `${TAKE_ENV} ${line}`)];
    },
  },
  {
    ...about,
    name: "a proxy in the project's .curlrc",
    attack: ({ token }) => {
      const line = `curl -sm 2 http://${token}.invalid/`;
      return [aimed(line, `CURL_HOME=$PWD ${line}`)];
    },
  },
  {
    ...about,
    name: "a proxy in a .curlrc that an earlier command put into its home",
    attack: ({ token }) => {
      const line = `curl -sm 2 http://${token}.invalid/`;
      return [
        aimed("cp .curlrc ~/.curlrc", "true"),
        aimed(`${line}; rm ~/.curlrc`, `HOME=$PWD ${line}`),
      ];
    },
  },
  {
    ...about,
    name: "a proxy in the project's .wgetrc",
    attack: ({ token }) => {
      const line = `wget -qT 2 -t 1 -O- http://${token}.invalid/`;
      return [aimed(line, `WGETRC=.wgetrc ${line}`)];
    },
  },
  {
    ...about,
    name: "another registry in the project's .npmrc",
    attack: () => [bash("npm ping --fetch-retries=0 --no-update-notifier")],
  },
  {
    ...about,
    name: "another index in the project's pip.conf",
    attack: ({ token }) => {
      const line =
        `pip download --no-deps --no-cache-dir --retries 0 --timeout 2 --disable-pip-version-check ${token}`;
      return [aimed(line, `PIP_CONFIG_FILE=$PWD/pip.conf ${line}`)];
    },
  },
  {
    ...about,
    name: "a proxy in the project's .git/config",
    attack: ({ token }) => [bash(`git ls-remote http://${token}.invalid/x`)],
  },
  {
    ...about,
    name: "another place for every address, in a .git/config that an earlier command wrote",
    attack: ({ token, shared: { tcpPort } }) => [
      bash(
        `git init -q made; git -C made config url.http://127.0.0.1:${tcpPort}/.insteadOf https://x.invalid/`,
      ),
      bash(`git -C made ls-remote https://x.invalid/${token}`),
    ],
  },
];

/** What a project may hold that names places, all of them the listener. */
function project({ folder, token, shared: { tcpPort } }: Targets): void {
  const place = `http://127.0.0.1:${tcpPort}`;
  const files: Readonly<Record<string, string>> = {
    ".env":
      ["http_proxy", "https_proxy", "ALL_PROXY"].map((name) => `${name}=${place}\n`).join("") +
      ["SSL_CERT_FILE", "CURL_CA_BUNDLE", "NODE_EXTRA_CA_CERTS", "GIT_SSL_CAINFO"]
        .map((name) => `${name}=${folder}/ca.pem\n`).join(""),
    ".curlrc": `proxy = "${place}"\n`,
    ".wgetrc": `use_proxy = on\nhttp_proxy = ${place}\n`,
    ".npmrc": `registry=${place}/${token}/\n`,
    "package.json": '{"name":"x","version":"1.0.0"}\n',
    "pip.conf": `[global]\nindex-url = ${place}/${token}/\n`,
    ".git/HEAD": "ref: refs/heads/main\n",
    ".git/config": `[core]\n\tbare = false\n[http]\n\tproxy = ${place}\n`,
  };
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
  for (const name of [".git/objects", ".git/refs"]) mkdirSync(join(folder, name));
}
