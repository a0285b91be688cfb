// The file types Grep knows by name, and the names of their files.

const SUFFIXES: Readonly<Record<string, readonly string[]>> = {
  c: [".c", ".h"],
  cpp: [".cpp", ".cc", ".cxx", ".hpp", ".hh", ".hxx", ".h", ".inl"],
  cs: [".cs"],
  css: [".css", ".scss", ".sass", ".less"],
  go: [".go"],
  html: [".html", ".htm", ".xhtml"],
  java: [".java"],
  js: [".js", ".jsx", ".mjs", ".cjs"],
  json: [".json", ".jsonc", ".jsonl"],
  kotlin: [".kt", ".kts"],
  lua: [".lua"],
  make: [".mk", "Makefile", "makefile", "GNUmakefile"],
  md: [".md", ".markdown", ".mdx"],
  php: [".php"],
  proto: [".proto"],
  py: [".py", ".pyi"],
  ruby: [".rb", ".gemspec", "Gemfile", "Rakefile"],
  rust: [".rs"],
  sh: [".sh", ".bash", ".zsh", ".ksh"],
  sql: [".sql"],
  svelte: [".svelte"],
  swift: [".swift"],
  toml: [".toml"],
  ts: [".ts", ".tsx", ".mts", ".cts"],
  txt: [".txt"],
  vue: [".vue"],
  xml: [".xml", ".xsd", ".xsl", ".svg"],
  yaml: [".yaml", ".yml"],
  zig: [".zig"],
};

const ALIASES: Readonly<Record<string, string>> = {
  bash: "sh",
  csharp: "cs",
  javascript: "js",
  markdown: "md",
  python: "py",
  rb: "ruby",
  rs: "rust",
  shell: "sh",
  typescript: "ts",
  yml: "yaml",
};

export const FILE_TYPES: readonly string[] = Object.keys(SUFFIXES);

/** How names of this type of file end; undefined for a type that is not known. */
export function suffixesOf(type: string): readonly string[] | undefined {
  const name = Object.hasOwn(ALIASES, type) ? ALIASES[type] ?? type : type;
  return Object.hasOwn(SUFFIXES, name) ? SUFFIXES[name] : undefined;
}
