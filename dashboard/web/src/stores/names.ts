// What to call parties and responders, as the API told with each case and each page; an id without a name is shown as it stands.
import { defineStore } from 'pinia'
import { shallowRef } from 'vue'
import type { Sentence } from '@/api/types'

export const useNames = defineStore('names', () => {
  const titles = shallowRef<ReadonlyMap<string, Sentence>>(new Map())

  /** Learn the titles that an answer brought. */
  function learn(names: Readonly<Record<string, Sentence>>): void {
    titles.value = new Map([...titles.value, ...Object.entries(names)])
  }

  return { titles, learn }
})
