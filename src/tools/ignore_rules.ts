// What the .gitignore files of a folder and of those above it say of the entries in it, as git
// would; reading the files is left to ignore_files.ts.
import { sep } from "node:path";
import ignore, { type Ignore } from "ignore";
import { namesIn } from "../base/path_system.ts";

/** Whether an entry of one folder is to be left out. */
export type Ignores = (name: string, isFolder: boolean) => boolean;

/** Rules of all files together. */
const MAX_RULES = 1000;
const MAX_LINE = 255;
/** How far below the first file's folder its rules are asked. */
const MAX_DEPTH = 64;
const OPTIONS = { ignorecase: false };

/** Absolute, real paths throughout. Later files, which lie deeper, overrule earlier ones. */
export class IgnoreRules {
  readonly #top: string;
  readonly #matcher: Ignore;
  readonly #count: number;

  private constructor(top: string, matcher: Ignore, count: number) {
    this.#top = top;
    this.#matcher = matcher;
    this.#count = count;
  }

  /** No rules yet; those that come are for what is below this folder. */
  static below(top: string): IgnoreRules {
    return new IgnoreRules(top, ignore(OPTIONS), 0);
  }

  /** These rules and then those of a file in `folder`: of so many that they stay quick to ask. */
  with(folder: string, text: string): IgnoreRules {
    const names = this.#namesTo(folder).join("/");
    const rules = text.replace(/^\uFEFF/, "").split(/\r?\n/)
      .flatMap((line) => ruleOf(line, names) ?? [])
      .slice(0, MAX_RULES - this.#count);
    const matcher = ignore(OPTIONS).add(this.#matcher).add(rules);
    return new IgnoreRules(this.#top, matcher, this.#count + rules.length);
  }

  /** The judgement on entries of a folder that is not ignored itself. */
  in(folder: string): Ignores {
    const names = this.#namesTo(folder);
    if (this.#count === 0 || names.length > MAX_DEPTH) return () => false;
    const start = names.map((name) => `${name}/`).join("");
    const matcher = ignore(OPTIONS).add(this.#matcher); // which remembers each path it is asked for
    return (name, isFolder) => matcher.ignores(`${start}${name}${isFolder ? "/" : ""}`);
  }

  /** Whether the folder is ignored, or one between it and the top. */
  ignoresFolder(folder: string): boolean {
    const names = this.#namesTo(folder);
    const name = names.pop();
    return name !== undefined && this.in([this.#top, ...names].join(sep))(name, true);
  }

  #namesTo(folder: string): string[] {
    return namesIn(folder.slice(this.#top.length));
  }
}

/** The rule of a line of a file in `folder`, seen from the top; undefined for none. */
function ruleOf(line: string, folder: string): string | undefined {
  if (line.length > MAX_LINE || line.startsWith("#")) return undefined;
  const [, negation = "", body = ""] = /^(!?)(.*)$/s.exec(withoutTrailingSpaces(line)) ?? [];
  if (body === "" || body === "/" || !endsSoon(body)) return undefined;
  if (folder === "") return negation + body;
  const isAnchored = body.slice(0, -1).includes("/");
  const way = `/${folder.replace(/[\\*?[]/g, "\\$&")}/${isAnchored ? "" : "**/"}`;
  return negation + way + body.replace(/^\//, "");
}

/** A space that is escaped stays. */
function withoutTrailingSpaces(line: string): string {
  return line.replace(/((?:^|[^\\])(?:\\\\)*) +$/, "$1");
}

/**
 * The library makes backtracking expressions. It takes the choices out of all wildcards but the
 * last before each `**`, and of those beside a class that could hold a slash.
 */
function endsSoon(body: string): boolean {
  if ((body.match(/\*\*/g)?.length ?? 0) > 3) return false;
  const wildcards = body.match(/\*+/g)?.length ?? 0;
  return wildcards < 2 || !/\[.*(?:[\0-/]-[^\]]|\/.)/s.test(body);
}
