// Who works at this desk: logged in or not, and why not any more.
import { defineStore } from 'pinia'
import { computed, ref } from 'vue'
import { ApiFailure, currentSession, logIn, logOut } from '@/api/client'
import type { Session } from '@/api/types'

export type LoginFault = 'wrong' | 'unreachable' | 'expired' | ''

export const useSession = defineStore('session', () => {
  const session = ref<Session | null>(null)
  const fault = ref<LoginFault>('')
  const isKnown = computed(() => session.value !== null)

  const faultOf = (failure: unknown, refused: LoginFault): LoginFault =>
    failure instanceof ApiFailure && failure.status !== 0 && failure.status < 500 ? refused : 'unreachable'

  /** Ask the service whether this browser still has a session. */
  async function resume(): Promise<boolean> {
    try {
      session.value = await currentSession()
      fault.value = ''
    } catch (failure) {
      fault.value = faultOf(failure, fault.value)
    }
    return isKnown.value
  }

  async function enter(token: string, operator: string): Promise<boolean> {
    try {
      session.value = await logIn(token.trim(), operator.trim() || 'operator')
      fault.value = ''
    } catch (failure) {
      fault.value = faultOf(failure, 'wrong')
    }
    return isKnown.value
  }

  async function leave(): Promise<void> {
    session.value = null
    fault.value = ''
    await logOut().catch(() => undefined) // the cookie dies by itself where the service cannot be told
  }

  /** The service does not know this session any more. */
  function lost(): void {
    if (session.value !== null) fault.value = 'expired'
    session.value = null
  }

  return { session, fault, isKnown, resume, enter, leave, lost }
})
