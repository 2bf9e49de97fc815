// What this desk remembers about its own looks and sounds: language, theme, sound. Kept in this browser only.
import { defineStore } from 'pinia'
import { ref, watch } from 'vue'

export type Language = 'zh-CN' | 'en'
export type Theme = 'dark' | 'light'

function recall(key: string): string {
  try {
    return localStorage.getItem(`shouwang.${key}`) ?? ''
  } catch {
    return '' // storage may be forbidden; the desk works all the same
  }
}

function remembered<T extends string>(key: string, allowed: readonly T[], otherwise: T): T {
  const value = recall(key)
  return allowed.find((each) => each === value) ?? otherwise
}

function remember(key: string, value: string): void {
  try {
    localStorage.setItem(`shouwang.${key}`, value)
  } catch {
    // forbidden storage only means that the choice is asked for again
  }
}

export const usePreferences = defineStore('preferences', () => {
  const language = ref<Language>(remembered('language', ['zh-CN', 'en'] as const, 'zh-CN'))
  const theme = ref<Theme>(remembered('theme', ['dark', 'light'] as const, 'dark'))
  const sound = ref(remembered('sound', ['on', 'off'] as const, 'off'))
  const operator = ref(recall('operator'))

  watch(language, (value) => remember('language', value))
  watch(sound, (value) => remember('sound', value))
  watch(operator, (value) => remember('operator', value))
  watch(
    theme,
    (value) => {
      remember('theme', value)
      document.documentElement.classList.toggle('dark', value === 'dark')
    },
    { immediate: true },
  )
  return { language, theme, sound, operator }
})
