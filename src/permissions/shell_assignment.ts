// Variables that decide what else runs: what setting one of them means.
import { named } from "./shell_findings.ts";
import type { Scene } from "./shell_scene.ts";
import type { Word } from "./shell_word.ts";

/** Code that every program, or every shell, then loads. */
const LOADS_CODE =
  /^(LD_(PRELOAD|AUDIT)|DYLD_\w+|BASH_ENV|PROMPT_COMMAND|PS[0-4]|SHELLOPTS|BASHOPTS|BASH_FUNC_.*|GIT_CONFIG\w*|GIT_EXEC_PATH|GIT_TEMPLATE_DIR|PERL5(OPT|DB)|RUBYOPT|PYTHONSTARTUP|GCONV_PATH)$/;

/** Their value is a command. */
const IS_COMMAND =
  /^(\w*PAGER|\w*EDITOR|VISUAL|BROWSER|LESSOPEN|LESSCLOSE|GIT_(SSH|SSH_COMMAND|EXTERNAL_DIFF|ASKPASS|PROXY_COMMAND)|SSH_ASKPASS|RSYNC_RSH|TAR_OPTIONS)$/;

/** They change which program a name means, or what a program loads. */
const CHANGES_LOOKUP =
  /^(PATH|CDPATH|NODE_OPTIONS|NODE_PATH|PYTHONPATH|RUBYLIB|PERL5LIB|CLASSPATH|HOME|IFS|LD_LIBRARY_PATH)$/;

export function judgeAssignment(
  { name: written, value }: { readonly name: string; readonly value: Word },
  { findings, judgeText }: Pick<Scene, "findings" | "judgeText">,
): void {
  const name = written.replace(/\+$|\[.*$/, "");
  if (LOADS_CODE.test(name)) {
    return findings.ask(`sets ${named(name)}, which makes programs run code`);
  }
  if (CHANGES_LOOKUP.test(name)) return findings.warn(`sets ${named(name)}`);
  if (!IS_COMMAND.test(name) || value.text === "") return;
  if (!value.isKnown) return findings.ask(`sets ${named(name)} to a command that is not known`);
  findings.warn(`sets ${named(name)}, which is a command`);
  judgeText(value.text);
}
