// The server's time, as well as this browser can know it: all ages and countdowns on the page tick from here.
import { defineStore } from 'pinia'
import { ref } from 'vue'

const TICK_MS = 250

export const useTime = defineStore('time', () => {
  const now = ref(Date.now())
  let ahead_ms = 0
  let timer = 0

  /** Take the server's word for what time it is; the way back costs milliseconds, which nobody reads here. */
  function heard(server_at: number): void {
    ahead_ms = server_at - Date.now()
    tick()
  }

  function tick(): void {
    now.value = Date.now() + ahead_ms
  }

  function start(): void {
    if (timer === 0) timer = window.setInterval(tick, TICK_MS)
  }

  return { now, heard, start }
})
