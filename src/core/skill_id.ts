// How skills and their modes are called.

/** Lower-case letters and digits, with single hyphens between them. */
export function isSkillId(text: string): boolean {
  return /^[a-z0-9]+(?:-[a-z0-9]+)*$/.test(text);
}
