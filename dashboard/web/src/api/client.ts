// Every question that the console asks the service: typed, with a time limit, and with one kind of failure.
import type {
  ActionAnswer, ActionPending, ActionRequest, AlarmPage, CareLook, FloodPage, FormatPage, IncidentDetail, IncidentPage, KpiAnswer, ModePage, OutagePage,
  PreviewAnswer, PreviewRequest, Problem, RoutePage, Session, ShadowAnswer, TrialAnswer, TrialRequest, WhyAnswer, WhyNotAnswer,
} from './types'

const WITHIN_MS = 10_000
const ACTION_WITHIN_MS = 20_000
const REPORT_WITHIN_MS = 60_000

/** The service said no, or could not be reached (then `status` is 0). `problem` has the reason in both languages. */
export class ApiFailure extends Error {
  readonly status: number
  readonly problem: Problem | null

  constructor(status: number, problem: Problem | null, message: string) {
    super(message)
    this.name = 'ApiFailure'
    this.status = status
    this.problem = problem
  }
}

interface Answered<T> {
  status: number
  body: T
}

let onUnauthorised: () => void = () => undefined

/** Who is told when the session has ended on any question. */
export function whenUnauthorised(callback: () => void): void {
  onUnauthorised = callback
}

export const address = (path: string): string => new URL(path, document.baseURI).toString()

async function ask<T>(method: string, path: string, body?: unknown, within_ms = WITHIN_MS): Promise<Answered<T>> {
  let response: Response
  try {
    response = await fetch(address(path), {
      method,
      credentials: 'same-origin',
      cache: 'no-store',
      headers: body === undefined ? {} : { 'Content-Type': 'application/json' },
      body: body === undefined ? undefined : JSON.stringify(body),
      signal: AbortSignal.timeout(within_ms),
    })
  } catch (fault) {
    throw new ApiFailure(0, null, fault instanceof Error ? fault.message : String(fault))
  }
  const said: unknown = response.status === 204 ? null : await response.json().catch(() => null)
  if (response.ok) return { status: response.status, body: said as T }
  if (response.status === 401) onUnauthorised()
  throw new ApiFailure(response.status, problemOf(said), `${method} ${path}: ${response.status}`)
}

function problemOf(said: unknown): Problem | null {
  const error = (said as { error?: Problem } | null)?.error
  return error && typeof error.zh === 'string' && typeof error.en === 'string' ? error : null
}

export const currentSession = async (): Promise<Session> => (await ask<Session>('GET', 'v1/session')).body

export const logIn = async (token: string, operator: string): Promise<Session> =>
  (await ask<Session>('POST', 'v1/session', { token, operator })).body

export const logOut = async (): Promise<void> => void (await ask('DELETE', 'v1/session'))

export async function incidents(which: 'open' | 'all', cursor: string | null, limit: number): Promise<IncidentPage> {
  const query = new URLSearchParams({ open: which === 'open' ? 'true' : 'all', limit: String(limit) })
  if (cursor) query.set('cursor', cursor)
  return (await ask<IncidentPage>('GET', `v1/incidents?${query}`)).body
}

export const incident = async (id: string): Promise<IncidentDetail> =>
  (await ask<IncidentDetail>('GET', `v1/incidents/${encodeURIComponent(id)}`)).body

/** Why it was decided so: the graph from the events to who was sent and told. */
export const why = async (id: string): Promise<WhyAnswer> =>
  (await ask<WhyAnswer>('GET', `v1/incidents/${encodeURIComponent(id)}/why`)).body

/** Look into the care references that a case opens. Each look is recorded with the name of who looks. */
export const lookIntoCare = async (id: string): Promise<CareLook> =>
  (await ask<CareLook>('POST', `v1/incidents/${encodeURIComponent(id)}/care`, undefined, ACTION_WITHIN_MS)).body

/** What is out of service, planned or running. */
export const outages = async (): Promise<OutagePage> => (await ask<OutagePage>('GET', 'v1/outages')).body

/** What a shelf or an outage would have hidden lately. Nothing is changed by asking. */
export const preview = async (wanted: Partial<PreviewRequest>): Promise<PreviewAnswer> =>
  (await ask<PreviewAnswer>('POST', 'v1/preview', wanted)).body

/** The formats that are understood, with examples. */
export const formats = async (): Promise<FormatPage> => (await ask<FormatPage>('GET', 'v1/formats')).body

/** The routes of foreign formats, and what each has brought. */
export const routes = async (): Promise<RoutePage> => (await ask<RoutePage>('GET', 'v1/routes')).body

/** What messages would mean. Nothing is recorded by asking. */
export const tryOut = async (wanted: Partial<TrialRequest>): Promise<TrialAnswer> =>
  (await ask<TrialAnswer>('POST', 'v1/trials', wanted, ACTION_WITHIN_MS)).body

/** The figures of ISA-18.2 and EEMUA 191; the last 30 days where no beginning is given. */
export async function kpi(from_at: number | null): Promise<KpiAnswer> {
  const query = from_at === null ? '' : `?${new URLSearchParams({ from_at: String(from_at) })}`
  return (await ask<KpiAnswer>('GET', `v1/reports/kpi${query}`, undefined, REPORT_WITHIN_MS)).body
}

/** What the shadow rules would have raised in the last days, beside the live ones. */
export const shadowReport = async (days: number): Promise<ShadowAnswer> =>
  (await ask<ShadowAnswer>('GET', `v1/reports/shadow?days=${days}`, undefined, REPORT_WITHIN_MS)).body

/** Why no rule said anything at a place and a time: the service replays the journal, which takes seconds. */
export async function whyNot(at: number, zone: string, community: string): Promise<WhyNotAnswer> {
  const query = new URLSearchParams({ at: String(at), community })
  if (zone) query.set('zone', zone)
  return (await ask<WhyNotAnswer>('GET', `v1/why-not?${query}`, undefined, REPORT_WITHIN_MS)).body
}

/** The modes that hold. */
export const heldModes = async (): Promise<ModePage> => (await ask<ModePage>('GET', 'v1/modes')).body

/** The alarm floods that run now, by cause. */
export const runningFloods = async (): Promise<FloodPage> => (await ask<FloodPage>('GET', 'v1/floods')).body

/** What somebody has shelved, the worst first. */
export const shelvedAlarms = async (): Promise<AlarmPage> => (await ask<AlarmPage>('GET', 'v1/alarms?state=shelved&limit=100')).body

/** Send an action. Decided: an answer; journaled but not decided in time: only a sentence. The id makes a repeat harmless. */
export async function act(request: ActionRequest & { id: string }): Promise<ActionAnswer | ActionPending> {
  return (await ask<ActionAnswer | ActionPending>('POST', 'v1/actions', request, ACTION_WITHIN_MS)).body
}

/** A new idempotency key. (crypto.randomUUID exists only on https and localhost; a desk in a plain network has neither.) */
export function newActionId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(12))
  return `c-${Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')}`
}
