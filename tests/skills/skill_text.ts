// The text of a SKILL.md.

/** With a name and a description; `lines` stand below them in the front matter. */
export function skillText(name: string, lines: readonly string[] = [], body = "Do it."): string {
  const front = [`name: ${name}`, "description: Helps.", ...lines].join("\n");
  return `---\n${front}\n---\n${body}\n`;
}
