// How long silence may last before the picture must be called stale: the time in which two heartbeats should have come.

export const PATIENCE_MIN_MS = 5_000
export const PATIENCE_MAX_MS = 15_000
const BEATS_MISSED = 2.2

/** From the gaps between the last heartbeats: a little more than two of them, but never under 5 s or over 15 s. */
export function patience(gaps_ms: readonly number[]): number {
  if (gaps_ms.length === 0) return PATIENCE_MAX_MS
  return Math.min(PATIENCE_MAX_MS, Math.max(PATIENCE_MIN_MS, BEATS_MISSED * Math.max(...gaps_ms)))
}
