// Whether what stands on the page is what is: live, stale (nothing heard for too long), or reconnecting.
import { defineStore } from 'pinia'
import { computed, ref } from 'vue'
import { currentSession } from '@/api/client'
import { follow } from '@/api/stream'
import type { Fact } from '@/api/types'
import { useIncidents } from './incidents'
import { useTime } from './time'

/** Longer than two heartbeats of the service: then the picture must be called stale. */
export const STALE_AFTER_MS = 5_000

export type ConnectionState = 'connecting' | 'live' | 'stale' | 'reconnecting'

export const useConnection = defineStore('connection', () => {
  const time = useTime()
  const incidents = useIncidents()
  const isLineUp = ref(false)
  const everHeard = ref(false)
  const heardAt = ref(time.now)
  let stop: (() => void) | null = null

  const silence_ms = computed(() => Math.max(0, time.now - heardAt.value))
  const isStale = computed(() => silence_ms.value > STALE_AFTER_MS)
  const state = computed<ConnectionState>(() => {
    if (isStale.value) return 'stale'
    if (isLineUp.value) return 'live'
    return everHeard.value ? 'reconnecting' : 'connecting'
  })

  function heard(): void {
    everHeard.value = true
    isLineUp.value = true
    heardAt.value = time.now
  }

  function start(): void {
    if (stop) return
    heardAt.value = time.now
    stop = follow({
      opened: () => {
        heard()
        void incidents.readAll() // what was missed while nobody listened
      },
      heard: (heartbeat) => {
        if (heartbeat) time.heard(heartbeat.at)
        heard()
      },
      changed: (fact: Fact) => incidents.changed(fact.incident_id),
      lost: () => {
        isLineUp.value = false
        currentSession().catch(() => undefined) // an ended session sends us to the login page; the rest is weather
      },
    })
  }

  function end(): void {
    stop?.()
    stop = null
    isLineUp.value = false
    everHeard.value = false
  }

  return { state, isStale, heardAt, silence_ms, start, end }
})
