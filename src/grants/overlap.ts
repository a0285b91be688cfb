// Whether one folder lies in another, by path components and never by text.

export function isInside(path: string, folder: string): boolean {
  return path === folder || folder === "/" || path.startsWith(`${folder}/`);
}

export function overlaps(a: string, b: string): boolean {
  return isInside(a, b) || isInside(b, a);
}
