// Whether what stands on the page is what is: live, stale (nothing heard for too long), or reconnecting.
import { defineStore } from 'pinia'
import { computed, ref } from 'vue'
import { currentSession } from '@/api/client'
import { follow } from '@/api/stream'
import type { Fact, Heartbeat } from '@/api/types'
import { patience } from '@/desk/freshness'
import { useFloods } from './floods'
import { useIncidents } from './incidents'
import { useStanding } from './standing'
import { useTime } from './time'

const GAPS_KEPT = 3

/** What the service says of itself beside the stream: whether a critical alarm would be handled now. */
export type Trouble = 'store_unreadable' | 'chain_not_ready' | 'chain_silent' | ''

export type ConnectionState = 'connecting' | 'live' | 'stale' | 'reconnecting'

function troubleOf(heartbeat: Heartbeat): Trouble {
  if (!heartbeat.is_store_readable) return 'store_unreadable'
  if (heartbeat.is_chain_ready === null) return 'chain_silent'
  return heartbeat.is_chain_ready ? '' : 'chain_not_ready'
}

export const useConnection = defineStore('connection', () => {
  const time = useTime()
  const incidents = useIncidents()
  const standing = useStanding()
  const floods = useFloods()
  const isLineUp = ref(false)
  const everHeard = ref(false)
  const heardAt = ref(time.now)
  const heardMark = ref(performance.now()) // the browser's own running clock: no correction of the time can hide silence
  const gaps_ms = ref<number[]>([])
  const trouble = ref<Trouble>('')
  let saidBefore: Trouble = ''
  let beatMark = 0
  let stop: (() => void) | null = null

  const isStale = computed(() => {
    void time.now // look again with every tick
    return performance.now() - heardMark.value > patience(gaps_ms.value)
  })
  const state = computed<ConnectionState>(() => {
    if (isStale.value) return 'stale'
    if (isLineUp.value) return 'live'
    return everHeard.value ? 'reconnecting' : 'connecting'
  })

  function heard(): void {
    everHeard.value = true
    isLineUp.value = true
    heardAt.value = time.now
    heardMark.value = performance.now()
  }

  function beat(heartbeat: Heartbeat): void {
    time.heard(heartbeat.at)
    const said = troubleOf(heartbeat)
    trouble.value = said === saidBefore ? said : '' // once may be the service's own first look; twice is trouble
    saidBefore = said
    const mark = performance.now()
    if (beatMark > 0) gaps_ms.value = [...gaps_ms.value, mark - beatMark].slice(-GAPS_KEPT)
    beatMark = mark
  }

  function lost(): void {
    isLineUp.value = false
    beatMark = 0 // the time without a line is no rhythm
    currentSession().catch(() => undefined) // an ended session sends us to the login page; the rest is weather
  }

  function start(): void {
    if (stop) return
    heardAt.value = time.now
    heardMark.value = performance.now()
    stop = follow({
      opened: () => {
        heard()
        void incidents.readAll() // what was missed while nobody listened
        void standing.read()
        void floods.read()
      },
      heard: (heartbeat) => {
        if (heartbeat) beat(heartbeat)
        heard()
      },
      changed: (fact: Fact) => {
        incidents.changed(fact.incident_id)
        standing.changed(fact)
        floods.changed(fact)
      },
      lost,
    })
  }

  function end(): void {
    standing.forget()
    floods.forget()
    stop?.()
    stop = null
    isLineUp.value = false
    everHeard.value = false
    gaps_ms.value = []
  }

  return { state, isStale, heardAt, trouble, start, end }
})
