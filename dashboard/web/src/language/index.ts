// The two languages of the desk. Both files have the same keys; a test holds them to it.
import { createI18n } from 'vue-i18n'
import en from './en.json'
import zh from './zh-CN.json'

export const messages = { 'zh-CN': zh, en }

export const language = createI18n({
  legacy: false,
  locale: 'zh-CN',
  fallbackLocale: 'zh-CN',
  missingWarn: false,
  fallbackWarn: false,
  messages,
})
