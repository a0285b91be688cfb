// Which tool a model means: names come from outside and are only ever looked up in a Map.

/** Names that other agents and older versions use. */
const ALIASES: readonly (readonly [tool: string, ...aliases: string[]])[] = [
  ["Bash", "execute_command"],
  ["Read", "read_file"],
  ["Write", "write_file"],
  ["Glob", "list_directory"],
  ["Edit", "apply_patch"],
  ["GetFileInfo", "FileExists", "get_file_info"],
  ["Workspace", "GetCurrentDir", "SetWorkspace"],
  ["session_note", "memory_note"],
  ["Sleep", "sleep"],
  [
    "SubAgent",
    "sub_session_manager",
    "SubSession",
    "spawn_session",
    "sub_session",
    "sub_task",
    "sub_agent",
    "team_agent",
    "child_session",
  ],
];

const TOOL_OF: ReadonlyMap<string, string> = new Map(
  ALIASES.flatMap(([tool, ...aliases]) =>
    aliases.flatMap((alias) => [[alias, tool], [camelCase(alias), tool]] as const)
  ),
);

/** The tool's own name; a name that is no alias comes back without its `namespace::`. */
export function resolveToolName(name: string): string {
  const bare = name.split("::").at(-1) ?? name;
  return TOOL_OF.get(bare) ?? bare;
}

function camelCase(alias: string): string {
  const joined = alias.replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase());
  return joined.charAt(0).toLowerCase() + joined.slice(1);
}
