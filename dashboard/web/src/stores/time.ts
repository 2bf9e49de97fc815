// The server's time, as well as this browser can know it: all ages and countdowns on the page tick from here.
import { defineStore } from 'pinia'
import { ref } from 'vue'
import { type Pace, paced } from '@/desk/pace'

const TICK_MS = 250

export const useTime = defineStore('time', () => {
  const now = ref(Date.now())
  let heardOf = { server_at: Date.now(), here_ms: performance.now() }
  let pace: Pace | null = null
  let timer = 0

  /** Take the server's word for what time it is; the way here costs milliseconds, which nobody reads. */
  function heard(server_at: number): void {
    heardOf = { server_at, here_ms: performance.now() }
    pace = paced(pace, heardOf)
    tick()
  }

  function tick(): void {
    now.value = Math.round(heardOf.server_at + (performance.now() - heardOf.here_ms) * (pace?.rate ?? 1))
  }

  function start(): void {
    if (timer === 0) timer = window.setInterval(tick, TICK_MS)
  }

  return { now, heard, start }
})
