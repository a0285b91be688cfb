// Which of the files below a folder Grep searches.
import { withSlashes } from "../base/path_system.ts";
import { FILE_TYPES, suffixesOf } from "./file_types.ts";
import { GlobPattern } from "./glob_pattern.ts";
import { badInput } from "./input.ts";

/** Made for a folder, given as its names below the one that is searched; then takes a file's name. */
export type NameFilter = (folder: readonly string[]) => (name: string) => boolean;

/** A glob without a slash is meant for names at any depth, one with `!` for what to leave out. */
export function grepFilter(
  { glob, type }: { readonly glob?: string | undefined; readonly type?: string | undefined },
): NameFilter {
  const suffixes = type === undefined ? [""] : suffixesOf(type);
  if (!suffixes) {
    const known = FILE_TYPES.join(", ");
    throw badInput("type", `expected one of ${known}, got ${JSON.stringify(type).slice(0, 60)}`);
  }
  const isExcluding = glob?.startsWith("!") ?? false;
  const named = isExcluding ? glob?.slice(1) : glob;
  const bare = named === undefined ? undefined : withSlashes(named);
  const pattern = bare === undefined
    ? undefined
    : new GlobPattern(bare.includes("/") ? bare : `**/${bare}`);
  return (folder) => {
    const matches = pattern?.in(folder);
    return (name) => {
      if (!suffixes.some((suffix) => name.endsWith(suffix))) return false;
      return !matches || matches(name) !== isExcluding;
    };
  };
}
