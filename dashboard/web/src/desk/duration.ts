// Durations and instants as an operator reads them: 24 h with seconds, short relative words, countdowns that never lie.

export type Unit = 'second' | 'minute' | 'hour' | 'day'

/** Whole parts of a duration in its largest fitting unit; negative durations count as zero. */
export function largestUnit(duration_ms: number): { count: number; unit: Unit } {
  const seconds = Math.max(0, Math.floor(duration_ms / 1000))
  if (seconds < 60) return { count: seconds, unit: 'second' }
  if (seconds < 3600) return { count: Math.floor(seconds / 60), unit: 'minute' }
  if (seconds < 86_400) return { count: Math.floor(seconds / 3600), unit: 'hour' }
  return { count: Math.floor(seconds / 86_400), unit: 'day' }
}

/** "01:23", or "1:02:03" from an hour on. Rounds up while time is left, so that 00:00 means: over. */
export function stopwatch(duration_ms: number): string {
  const seconds = Math.abs(Math.ceil(duration_ms / 1000))
  const [h, m, s] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60]
  const two = (n: number): string => String(n).padStart(2, '0')
  return h > 0 ? `${h}:${two(m)}:${two(s)}` : `${two(m)}:${two(s)}`
}

/** Local wall time, 24 h with seconds; with the date where it is not today's, and always where no `now` is given. */
export function wallTime(at: number, now = Number.NaN): string {
  const [then, today] = [new Date(at), new Date(now)]
  const two = (n: number): string => String(n).padStart(2, '0')
  const time = `${two(then.getHours())}:${two(then.getMinutes())}:${two(then.getSeconds())}`
  if (then.toDateString() === today.toDateString()) return time
  const date = `${two(then.getMonth() + 1)}-${two(then.getDate())}`
  return then.getFullYear() === today.getFullYear() ? `${date} ${time}` : `${then.getFullYear()}-${date} ${time}`
}
