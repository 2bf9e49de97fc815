// The live stream: what changed, and proof every few seconds that silence means quiet.
import { address } from './client'
import type { Fact, Heartbeat, TimelineEntry } from './types'

export interface StreamListener {
  opened: () => void
  heard: (heartbeat: Heartbeat | null) => void
  changed: (fact: Fact) => void
  lost: () => void
}

const AGAIN_MIN_MS = 1_000
const AGAIN_MAX_MS = 10_000

/**
 * Follow the stream until the returned function is called. The browser itself reconnects with Last-Event-ID after a
 * broken line; where it gives up (the service answered with an error), we start anew, ever more patiently.
 */
export function follow(listener: StreamListener): () => void {
  let source: EventSource | null = null
  let timer = 0
  let again_ms = AGAIN_MIN_MS
  let isEnded = false

  function open(): void {
    source = new EventSource(address('v1/stream'), { withCredentials: false })
    source.onopen = () => {
      again_ms = AGAIN_MIN_MS
      listener.opened()
    }
    source.onerror = () => {
      listener.lost()
      if (source?.readyState === EventSource.CLOSED) openLater()
    }
    source.addEventListener('heartbeat', (event) => listener.heard(parse<Heartbeat>(event)))
    source.addEventListener('fact', (event) => {
      listener.heard(null)
      const entry = parse<TimelineEntry>(event)
      if (entry) listener.changed(entry.fact)
    })
    source.addEventListener('reset', () => listener.lost())
  }

  function openLater(): void {
    source?.close()
    window.clearTimeout(timer)
    timer = window.setTimeout(() => {
      if (!isEnded) open()
    }, again_ms)
    again_ms = Math.min(AGAIN_MAX_MS, again_ms * 2)
  }

  open()
  return () => {
    isEnded = true
    window.clearTimeout(timer)
    source?.close()
  }
}

function parse<T>(event: MessageEvent<string>): T | null {
  try {
    return JSON.parse(event.data) as T
  } catch {
    return null // a line that nobody can read is proof of life, and no more
  }
}
