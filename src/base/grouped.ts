// Whole numbers as people read them: `1,234,567`.

/** By hand: the first use of Intl costs more than all else a short command does. */
export function grouped(count: number): string {
  return String(count).replace(/\B(?=(?:\d{3})+$)/g, ",");
}
