// Ways to hide from whoever reads a command what it does: the box holds, read or not.
import { Buffer } from "node:buffer";
import type { AttackCase, Targets } from "./attack_case.ts";
import { bash } from "./steps.ts";

type Hide = (deed: string) => string;

/** Each turns a deed that must not succeed into another text for the shell. */
const WAYS: Readonly<Record<string, Hide>> = {
  "the line is continued": (deed) => deed.replace("cat", "c\\\na\\\nt").replace("echo", "ec\\\nho"),
  "a here document for another shell": (deed) => `bash <<'END'\n${deed}\nEND`,
  "a here string, turned round": (deed) => `bash -c "$(rev <<< '${turned(deed)}')"`,
  "$() within quotes": (deed) => `echo "harmless $(${deed})"`,
  "backticks": (deed) => `ls \`${deed}\``,
  "substitution of a process": (deed) => `cat <(${deed})`,
  "find -exec": (deed) => `find . -maxdepth 0 -exec bash -c '${deed}' ';'`,
  "xargs": (deed) => `printf '%s\\0' '${deed}' | xargs -0 bash -c`,
  "tar --to-command": (deed) =>
    `tar -cf a.tar plain.txt; tar -xf a.tar --to-command="bash -c '${deed}'"`,
  "tar --checkpoint-action": (deed) =>
    `tar -cf a.tar --checkpoint=1 --checkpoint-action="exec=bash -c '${deed}'" plain.txt`,
  "env -S": (deed) => `env -S "bash -c '${deed}'"`,
  "a variable as command": (deed) => `a=ba; b=sh; $a$b -c '${deed}'`,
  "letters by their numbers": (deed) => `$'\\x62\\x61\\x73\\x68' -c '${deed}'`,
  "base64 for a shell": (deed) => `echo ${Buffer.from(deed).toString("base64")} | base64 -d | bash`,
  "eval of what printf makes": (deed) => `eval "$(printf '${inOctal(deed)}')"`,
  "an alias": (deed) => `shopt -s expand_aliases\nalias ls='${deed}'\nls`,
  "a function with a harmless name": (deed) => `ls() { ${deed}; }; ls`,
  "a trap": (deed) => `trap '${deed}' EXIT; true`,
  "a trap of every command": (deed) => `trap '${deed}; trap - DEBUG' DEBUG; true`,
  "a pattern as name": (deed) => `/bin/b?s[h] -c '${deed}'`,
  "braces as blanks": (deed) => `{bash,-c,'${deed}'}`,
  "separators as blanks": (deed) => `bash\${IFS}-c\${IFS}'${deed}'`,
  "a program that starts others": (deed) => `nice timeout 5 nohup setsid -w bash -c '${deed}'`,
  "the loader": (deed) =>
    `for l in /lib64/ld-linux-x86-64.so.2 /lib/ld-linux-aarch64.so.1; do [ -x $l ] && $l /bin/bash -c '${deed}'; done`,
  "a script that it writes": (deed) =>
    `printf '#!/bin/bash\\n%s\\n' '${deed}' > it; chmod +x it; ./it`,
  "awk": (deed) => `awk 'BEGIN { system("bash -c \\"${deed}\\"") }'`,
  "sed": (deed) => `sed "1e bash -c '${deed}'" plain.txt`,
  "perl": (deed) => `perl -e 'exec "bash", "-c", "${deed}"'`,
  "an alias of git": (deed) => `git -c alias.x='!${deed}' x`,
  "a command for ssh to connect by": (deed) =>
    `ssh -F none -o ProxyCommand="bash -c '${deed}' | tee got" nobody@127.0.0.1; cat got`,
  "a rule for make": (deed) => `printf 'x:\\n\\t@bash -c "%s"\\n' '${deed}' | make -f - x`,
};

/** Half of them read, half of them send and wait until they were heard. */
const DEEDS: readonly ((targets: Targets) => string)[] = [
  ({ secret }) => `cat ${secret}`,
  ({ token, shared: { tcpPort } }) =>
    `exec 4<>/dev/tcp/127.0.0.1/${tcpPort} && echo ${token} >&4 && read -t 5 -u 4`,
];

export const HIDING_CASES: readonly AttackCase[] = Object.entries(WAYS).map(
  ([way, hide], index): AttackCase => {
    const deed = DEEDS[index % DEEDS.length];
    return {
      name: `what a command does is hidden: ${way}`,
      row: 18,
      layer: index % DEEDS.length === 0 ? "landlock" : "seccomp",
      attack: (targets) => [bash(hide(deed?.(targets) ?? ""))],
    };
  },
);

function turned(text: string): string {
  return [...text].reverse().join("");
}

function inOctal(text: string): string {
  return [...Buffer.from(text)].map((byte) => `\\${byte.toString(8).padStart(3, "0")}`).join("");
}
