// How fast the service's clock runs against this browser's: 1 in life, more in a demonstration that plays ten minutes in one.

export interface Sighting {
  server_at: number
  here_ms: number
}

export interface Pace {
  last: Sighting
  rate: number
  suspected: number
}

const APART_MIN_MS = 1_000
const RATE_MAX = 1_000
const ALIKE = 0.15

const isAlike = (a: number, b: number): boolean => Math.abs(a - b) <= ALIKE * Math.max(1, Math.abs(a))

/** The pace after one more sighting. A new rate counts when two looks in a row agree: a clock that was set is not a fast one. */
export function paced(pace: Pace | null, seen: Sighting): Pace {
  if (!pace) return { last: seen, rate: 1, suspected: 1 }
  const apart_ms = seen.here_ms - pace.last.here_ms
  if (apart_ms < APART_MIN_MS) return pace
  const measured = Math.min(RATE_MAX, Math.max(0, (seen.server_at - pace.last.server_at) / apart_ms))
  const rate = isAlike(measured, 1) ? 1 : measured
  return { last: seen, rate: isAlike(rate, pace.suspected) ? rate : pace.rate, suspected: rate }
}
