// What this desk asked of the chain and what was answered: pending, done, refused, or not known yet.
import { defineStore } from 'pinia'
import { computed, ref } from 'vue'
import { act, ApiFailure, newActionId } from '@/api/client'
import type { ActionAnswer, ActionPending, ActionRequest, Sentence, Verb } from '@/api/types'
import { useIncidents } from './incidents'
import { useTime } from './time'

export type AnswerState = 'pending' | 'accepted' | 'refused' | 'unanswered' | 'unsent'

export interface Asked {
  id: string
  incident_id: string
  entity_id: string
  verb: Verb
  label: Sentence
  asked_at: number
  state: AnswerState
  sentence: Sentence | null
  why: string
}

export interface Question {
  incident_id: string
  entity: ActionRequest['entity']
  entity_id: string
  verb: Verb
  label: Sentence
  arguments: Record<string, string | number | boolean>
}

const KEEP_MAX = 20
const AGAIN_AFTER_MS = [1_000, 3_000]

/** Send, and where the service cannot be reached send the same again: its id makes a repeat harmless. */
async function sendUntilHeard(request: ActionRequest & { id: string }): Promise<ActionAnswer | ActionPending> {
  for (const pause_ms of AGAIN_AFTER_MS) {
    try {
      return await act(request)
    } catch (fault) {
      if (!(fault instanceof ApiFailure) || fault.status !== 0) throw fault
    }
    await new Promise((resolve) => window.setTimeout(resolve, pause_ms))
  }
  return act(request)
}

export const useActions = defineStore('actions', () => {
  const time = useTime()
  const incidents = useIncidents()
  const asked = ref<Asked[]>([])

  const isPending = (entity_id: string, verb: Verb): boolean =>
    asked.value.some((each) => each.entity_id === entity_id && each.verb === verb && each.state === 'pending')

  const latestOf = computed(() => {
    const latest = new Map<string, Asked>()
    for (const each of asked.value) latest.set(each.incident_id, each)
    return latest
  })

  /** Ask once. The same button cannot be pressed twice while its answer is on the way. */
  async function ask(question: Question): Promise<void> {
    if (isPending(question.entity_id, question.verb)) return
    const id = newActionId()
    const { incident_id, label, ...request } = question
    asked.value = [
      ...asked.value.slice(1 - KEEP_MAX),
      { id, incident_id, label, entity_id: request.entity_id, verb: request.verb, asked_at: time.now, state: 'pending', sentence: null, why: '' },
    ]
    try {
      const answer = await sendUntilHeard({ ...request, id })
      settle(id, 'is_accepted' in answer ? 'accepted' : 'unanswered', answer.sentence, '')
    } catch (fault) {
      if (!(fault instanceof ApiFailure)) throw fault
      const problem = fault.problem ? { zh: fault.problem.zh, en: fault.problem.en } : null
      settle(id, fault.status === 0 || fault.status >= 500 ? 'unsent' : 'refused', problem, fault.message)
    }
    incidents.changed(incident_id)
  }

  function settle(id: string, state: AnswerState, sentence: Sentence | null, why: string): void {
    asked.value = asked.value.map((each) => (each.id === id ? { ...each, state, sentence, why } : each))
  }

  return { asked, latestOf, isPending, ask }
})
