// Colours of lines for people; none where they are not wanted.

export type Style = {
  readonly dim: (text: string) => string;
  readonly good: (text: string) => string;
  readonly bad: (text: string) => string;
};

export function styleFor(options: { readonly isColored: boolean }): Style {
  const paint = (code: number) => (text: string) =>
    options.isColored ? `\x1b[${code}m${text}\x1b[0m` : text;
  return { dim: paint(2), good: paint(32), bad: paint(31) };
}
