// What may be the name of an agent: it becomes file names and session ids.

/** One path segment of `[A-Za-z0-9._#-]`, no leading dot, at most 200 characters. */
export function isSafeChildId(id: string): boolean {
  return /^[A-Za-z0-9_#-][A-Za-z0-9._#-]{0,199}$/.test(id);
}
