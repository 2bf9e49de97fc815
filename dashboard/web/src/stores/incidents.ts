// The queue and the case on the desk: read once, then kept true by fetching what the stream says has changed.
import { defineStore } from 'pinia'
import { computed, ref, shallowRef } from 'vue'
import { ApiFailure, incident, incidents } from '@/api/client'
import type { IncidentDetail, IncidentPage, IncidentSummary, Level } from '@/api/types'
import { compareCases, LEVELS } from '@/desk/urgency'
import { useNames } from './names'
import { useTime } from './time'

const PAGE_COUNT = 100
const GATHER_MS = 120
const AGAIN_MS = 2_000
const SINGLY_MAX = 8

export const useIncidents = defineStore('incidents', () => {
  const time = useTime()
  const names = useNames()
  const rows = shallowRef<ReadonlyMap<string, IncidentSummary>>(new Map())
  const isAll = ref(false)
  const level = ref<Level | ''>('')
  const selectedId = ref('')
  const detail = shallowRef<IncidentDetail | null>(null)
  const isMissing = ref(false)
  const isRead = ref(false)
  const nextCursor = ref<string | null>(null)
  const dirty = new Set<string>()
  let timer = 0
  let reading = 0
  let isFetching = false
  let isAllDirty = false
  let hasFailed = false

  const queue = computed(() =>
    [...rows.value.values()]
      .filter((row) => (isAll.value || row.incident.state !== 'closed') && (!level.value || row.incident.level === level.value))
      .sort((a, b) => compareCases(a.incident, b.incident)),
  )
  const open = computed(() => [...rows.value.values()].filter((row) => row.incident.state !== 'closed'))
  const openByLevel = computed(() =>
    Object.fromEntries(LEVELS.map((each) => [each, open.value.filter((row) => row.incident.level === each).length])),
  )
  const unacknowledged = computed(() => open.value.filter((row) => row.incident.state === 'open'))

  /** Read the queue and the case on the desk anew. The latest call wins; what could not be read is tried again. */
  async function readAll(): Promise<void> {
    const mine = ++reading
    dirty.clear()
    isAllDirty = false
    try {
      const fresh = await readQueue(mine)
      if (mine !== reading) return
      rows.value = fresh
      isRead.value = true
      if (selectedId.value) await readOne(selectedId.value)
    } catch (fault) {
      if (!(fault instanceof ApiFailure)) throw fault
      isAllDirty = mine === reading
      hasFailed = true
      fetchSoon(AGAIN_MS)
    }
  }

  async function readQueue(mine: number): Promise<Map<string, IncidentSummary>> {
    const fresh = new Map<string, IncidentSummary>()
    let cursor: string | null = null
    do {
      const page: IncidentPage = await incidents('open', cursor, PAGE_COUNT)
      for (const row of page.incidents) fresh.set(row.incident.id, row)
      names.learn(page.names)
      time.heard(page.at)
      cursor = page.next_cursor
    } while (cursor)
    if (isAll.value) {
      const page = await incidents('all', null, PAGE_COUNT)
      names.learn(page.names)
      for (const row of page.incidents) fresh.set(row.incident.id, row)
      if (mine === reading) nextCursor.value = page.next_cursor
    }
    return fresh
  }

  /** The next page of the past. */
  async function readMore(): Promise<void> {
    if (!nextCursor.value) return
    const page = await incidents('all', nextCursor.value, PAGE_COUNT)
    nextCursor.value = page.next_cursor
    names.learn(page.names)
    const known = new Map(rows.value)
    for (const row of page.incidents) known.set(row.incident.id, row)
    rows.value = known
  }

  /** Read one case: its row in the queue, and the whole where it lies on the desk. What could not be read is tried again. */
  async function readOne(id: string): Promise<void> {
    try {
      const fresh = await incident(id)
      names.learn(fresh.names)
      time.heard(fresh.at)
      rows.value = new Map(rows.value).set(id, { incident: fresh.incident, next_clock: fresh.next_clock })
      if (selectedId.value !== id) return
      if (!detail.value || detail.value.incident.id !== id || fresh.seq >= detail.value.seq) detail.value = fresh
      isMissing.value = false
    } catch (fault) {
      if (!(fault instanceof ApiFailure)) throw fault
      if (fault.status === 404) {
        if (selectedId.value === id) isMissing.value = true
        return
      }
      dirty.add(id)
      hasFailed = true
      fetchSoon(AGAIN_MS)
    }
  }

  /** The stream says that something of this case changed: fetch it soon, together with its neighbours. */
  function changed(id: string): void {
    if (!id) return
    dirty.add(id)
    fetchSoon(GATHER_MS)
  }

  function fetchSoon(delay_ms: number): void {
    if (timer === 0 && !isFetching) timer = window.setTimeout(fetchChanged, delay_ms)
  }

  /** One fetch at a time: in a flood the service is asked again when it has answered, not before. */
  async function fetchChanged(): Promise<void> {
    timer = 0
    isFetching = true
    hasFailed = false
    const ids = [...dirty]
    dirty.clear()
    try {
      if (isAllDirty || ids.length > SINGLY_MAX) await readAll()
      else await Promise.all(ids.map(readOne))
    } finally {
      isFetching = false
      if (dirty.size > 0 || isAllDirty) fetchSoon(hasFailed ? AGAIN_MS : GATHER_MS)
    }
  }

  /** Lay this case on the desk. */
  function select(id: string): void {
    if (id === selectedId.value) return
    selectedId.value = id
    detail.value = null
    isMissing.value = false
    if (id) void readOne(id)
  }

  function show(all: boolean): void {
    isAll.value = all
    nextCursor.value = null
    void readAll()
  }

  function forget(): void {
    reading++
    window.clearTimeout(timer)
    timer = 0
    dirty.clear()
    isAllDirty = false
    rows.value = new Map()
    detail.value = null
    isRead.value = false
  }

  return {
    queue, open, openByLevel, unacknowledged, isAll, level, selectedId, detail, isMissing, isRead, nextCursor,
    readAll, readMore, readOne, changed, select, show, forget,
  }
})
