// The question that is open in front of the operator: some verbs need a reason, a verdict or a second thought.
import { defineStore } from 'pinia'
import { ref } from 'vue'
import type { LegalVerb, Verb } from '@/api/types'
import { type Question, useActions } from './actions'

export type Draft = Omit<Question, 'verb' | 'label' | 'arguments'> & { legal: LegalVerb; about: string }

/** Verbs that end something: they are asked twice even where they need no argument. */
const SECOND_THOUGHT: readonly Verb[] = ['close', 'reset', 'complete']
/** Verbs whose optional arguments are worth asking for. */
const WORTH_ASKING: readonly Verb[] = ['order', 'reassign', 'shelve', 'decline', 'verify', 'note']

export const useDialog = defineStore('dialog', () => {
  const actions = useActions()
  const draft = ref<Draft | null>(null)

  /** A button was pressed: act at once, or ask what is needed first. */
  function begin(wanted: Draft): void {
    const { verb, arguments: forms } = wanted.legal
    const isAsked = SECOND_THOUGHT.includes(verb) || WORTH_ASKING.includes(verb) || forms.some((form) => form.is_required)
    if (isAsked) draft.value = wanted
    else void send(wanted, {})
  }

  async function send(wanted: Draft, given: Question['arguments']): Promise<void> {
    draft.value = null
    const { incident_id, entity, entity_id, legal } = wanted
    await actions.ask({ incident_id, entity, entity_id, verb: legal.verb, label: legal.label, arguments: given })
  }

  function cancel(): void {
    draft.value = null
  }

  return { draft, begin, send, cancel }
})
