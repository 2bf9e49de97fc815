// The queue and the case on the desk: read once, then kept true by fetching what the stream says has changed.
import { defineStore } from 'pinia'
import { computed, ref, shallowRef } from 'vue'
import { ApiFailure, incident, incidents } from '@/api/client'
import type { IncidentDetail, IncidentSummary, Level } from '@/api/types'
import { compareCases, LEVELS } from '@/desk/urgency'
import { useTime } from './time'

const PAGE_COUNT = 100
const GATHER_MS = 120
const SINGLY_MAX = 8

export const useIncidents = defineStore('incidents', () => {
  const time = useTime()
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

  /** Read the queue and the case on the desk anew. The latest call wins. */
  async function readAll(): Promise<void> {
    const mine = ++reading
    dirty.clear()
    const fresh = new Map<string, IncidentSummary>()
    try {
      let page = await incidents('open', null, PAGE_COUNT)
      for (const row of page.incidents) fresh.set(row.incident.id, row)
      while (page.next_cursor) {
        page = await incidents('open', page.next_cursor, PAGE_COUNT)
        for (const row of page.incidents) fresh.set(row.incident.id, row)
      }
      time.heard(page.at)
      if (isAll.value) {
        page = await incidents('all', null, PAGE_COUNT)
        for (const row of page.incidents) fresh.set(row.incident.id, row)
        if (mine === reading) nextCursor.value = page.next_cursor
      }
    } catch (fault) {
      if (fault instanceof ApiFailure) return // the connection's banner tells; the next opening reads again
      throw fault
    }
    if (mine !== reading) return
    rows.value = fresh
    isRead.value = true
    if (selectedId.value) await readOne(selectedId.value)
  }

  /** The next page of the past. */
  async function readMore(): Promise<void> {
    if (!nextCursor.value) return
    const page = await incidents('all', nextCursor.value, PAGE_COUNT)
    nextCursor.value = page.next_cursor
    const known = new Map(rows.value)
    for (const row of page.incidents) known.set(row.incident.id, row)
    rows.value = known
  }

  /** Read one case: its row in the queue, and the whole where it lies on the desk. */
  async function readOne(id: string): Promise<void> {
    try {
      const fresh = await incident(id)
      time.heard(fresh.at)
      rows.value = new Map(rows.value).set(id, { incident: fresh.incident, next_clock: fresh.next_clock })
      if (selectedId.value !== id) return
      if (!detail.value || detail.value.incident.id !== id || fresh.seq >= detail.value.seq) detail.value = fresh
      isMissing.value = false
    } catch (fault) {
      if (!(fault instanceof ApiFailure)) throw fault
      if (fault.status === 404 && selectedId.value === id) isMissing.value = true
    }
  }

  /** The stream says that something of this case changed: fetch it soon, together with its neighbours. */
  function changed(id: string): void {
    if (!id) return
    dirty.add(id)
    if (timer === 0) timer = window.setTimeout(fetchChanged, GATHER_MS)
  }

  async function fetchChanged(): Promise<void> {
    timer = 0
    const ids = [...dirty]
    dirty.clear()
    if (ids.length > SINGLY_MAX) await readAll()
    else await Promise.all(ids.map(readOne))
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
    rows.value = new Map()
    detail.value = null
    isRead.value = false
  }

  return {
    queue, open, openByLevel, unacknowledged, isAll, level, selectedId, detail, isMissing, isRead, nextCursor,
    readAll, readMore, readOne, changed, select, show, forget,
  }
})
