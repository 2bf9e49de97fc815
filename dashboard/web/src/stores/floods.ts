// The alarm floods that run now, with their causes. Read at the start, when one begins or ends, and while one runs after every alarm.
import { defineStore } from 'pinia'
import { ref, shallowRef } from 'vue'
import { ApiFailure, runningFloods } from '@/api/client'
import type { Fact, FloodPage, RunningFlood } from '@/api/types'

const GATHER_MS = 300
const BUSY_MS = 2_000 // while alarms pour in the service is asked at most so often
const AGAIN_MS = 60_000

export const useFloods = defineStore('floods', () => {
  const floods = shallowRef<readonly RunningFlood[]>([])
  const titles = ref<FloodPage['titles']>({})
  let timer = 0
  let dueAt = 0
  let reading = 0

  function readIn(wait_ms: number): void {
    window.clearTimeout(timer)
    dueAt = performance.now() + wait_ms
    timer = window.setTimeout(() => void read(), wait_ms)
  }

  async function read(): Promise<void> {
    const mine = ++reading
    readIn(AGAIN_MS)
    try {
      const page = await runningFloods()
      if (mine !== reading) return
      floods.value = page.floods
      titles.value = page.titles
    } catch (fault) {
      if (!(fault instanceof ApiFailure)) throw fault // the banner of the connection says it; we ask again
    }
  }

  /** The stream told a fact: look again soon where a flood begins or ends, or where an alarm changed while one runs. */
  function changed(fact: Fact): void {
    const isFlood = fact.transition.startsWith('flood_')
    if (!isFlood && (fact.entity !== 'alarm' || floods.value.length === 0)) return
    const wait_ms = isFlood ? GATHER_MS : BUSY_MS
    if (dueAt - performance.now() > wait_ms) readIn(wait_ms)
  }

  function forget(): void {
    reading++
    window.clearTimeout(timer)
    floods.value = []
  }

  return { floods, titles, read, changed, forget }
})
