// What holds beside the cases: the modes of places, and the shelves. Read at the start, after what touches them, and now and then.
import { defineStore } from 'pinia'
import { ref, shallowRef } from 'vue'
import { ApiFailure, heldModes, shelvedAlarms } from '@/api/client'
import type { Alarm, Fact, HeldMode } from '@/api/types'

const GATHER_MS = 300
const AGAIN_MS = 60_000 // a bound that passes while nothing else happens is seen within a minute
const TOUCHES = /^mode_|shel/

export const useStanding = defineStore('standing', () => {
  const modes = shallowRef<readonly HeldMode[]>([])
  const shelves = shallowRef<readonly Alarm[]>([])
  const shelfCount = ref(0)
  let timer = 0
  let reading = 0

  async function read(): Promise<void> {
    const mine = ++reading
    window.clearTimeout(timer)
    timer = window.setTimeout(() => void read(), AGAIN_MS)
    try {
      const [held, shelved] = await Promise.all([heldModes(), shelvedAlarms()])
      if (mine !== reading) return
      modes.value = held.modes
      shelves.value = shelved.alarms
      shelfCount.value = shelved.counts['shelved'] ?? 0
    } catch (fault) {
      if (!(fault instanceof ApiFailure)) throw fault // the banner of the connection says it; we ask again
    }
  }

  /** The stream told a fact: where it is about a mode or a shelf, look again soon. */
  function changed(fact: Fact): void {
    if (!TOUCHES.test(fact.transition)) return
    window.clearTimeout(timer)
    timer = window.setTimeout(() => void read(), GATHER_MS)
  }

  function forget(): void {
    reading++
    window.clearTimeout(timer)
    modes.value = []
    shelves.value = []
    shelfCount.value = 0
  }

  return { modes, shelves, shelfCount, read, changed, forget }
})
