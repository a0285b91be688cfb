// Whether one path lies in another: by components and never by text.

/** `/a/bc` is not inside `/a/b`. Both are absolute and normalised. */
export function isInside(path: string, folder: string): boolean {
  return path === folder || path.startsWith(folder === "/" ? folder : `${folder}/`);
}
