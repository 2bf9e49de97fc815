// The names of responders, gathered from the choices that the API offers; who was never offered is shown by the id.
import { defineStore } from 'pinia'
import { shallowRef } from 'vue'
import type { IncidentDetail, Sentence } from '@/api/types'

export const useNames = defineStore('names', () => {
  const responders = shallowRef<ReadonlyMap<string, Sentence>>(new Map())

  /** Learn the names that this case's forms mention. */
  function learn(detail: IncidentDetail): void {
    const known = new Map(responders.value)
    for (const form of detail.actions.flatMap((each) => each.verbs).flatMap((each) => each.arguments)) {
      if (form.name !== 'responder') continue
      form.choices.forEach((id, index) => {
        const label = form.labels[index]
        if (label) known.set(id, label)
      })
    }
    responders.value = known
  }

  return { responders, learn }
})
