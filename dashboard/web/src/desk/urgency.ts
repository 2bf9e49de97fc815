// Which clock presses most, and in which order a tired person should look at the queue.

export interface Deadline {
  name: string
  due_at: number
  started_at: number
  met_at?: number | null
  missed_at?: number | null
}

export type ClockState = 'running' | 'near' | 'missed' | 'met' | 'met_late' | 'stopped'

const NEAR_SHARE = 0.75

/** How a clock stands at `now`. A clock whose case has ended neither runs nor is missed any more. */
export function clockState(clock: Deadline, now: number, isOver = false): ClockState {
  if (clock.met_at != null) return clock.missed_at != null || clock.met_at > clock.due_at ? 'met_late' : 'met'
  if (clock.missed_at != null) return 'missed'
  if (isOver) return 'stopped'
  if (now >= clock.due_at) return 'missed'
  return shareRun(clock, now) >= NEAR_SHARE ? 'near' : 'running'
}

/** The part of a clock that has run, from 0 to 1. */
export function shareRun(clock: Deadline, now: number): number {
  const whole = clock.due_at - clock.started_at
  return whole <= 0 ? 1 : Math.min(1, Math.max(0, (now - clock.started_at) / whole))
}

/** The open clock that is due first. A missed one that nobody has met goes on pressing. */
export function mostUrgent<C extends Deadline>(clocks: readonly C[]): C | undefined {
  return clocks.filter((clock) => clock.met_at == null).sort((a, b) => a.due_at - b.due_at)[0]
}

export interface Case {
  id: string
  level: string
  state: string
  opened_at: number
}

export const LEVELS = ['red', 'orange', 'yellow', 'blue'] as const
export type LevelName = (typeof LEVELS)[number]

const rankOf = (level: string): number => {
  const index = LEVELS.indexOf(level as LevelName)
  return index < 0 ? LEVELS.length : index
}
const STATE_RANK: Record<string, number> = { open: 0, recovered: 2, closed: 3 }
const stateRank = (state: string): number => STATE_RANK[state] ?? 1

/**
 * Order of the queue: closed cases last; else the worse level first, then what nobody has
 * acknowledged first and what recovered last, then the longest open.
 */
export function compareCases(a: Case, b: Case): number {
  return (
    Number(a.state === 'closed') - Number(b.state === 'closed') ||
    (a.state === 'closed' ? 0 : rankOf(a.level) - rankOf(b.level)) ||
    stateRank(a.state) - stateRank(b.state) ||
    (a.state === 'closed' ? b.opened_at - a.opened_at : a.opened_at - b.opened_at) ||
    (a.id < b.id ? -1 : 1)
  )
}
