// How records are put into the reader's words: sentences, places, hazards, states, ages.
import { computed } from 'vue'
import { useI18n } from 'vue-i18n'
import { messages } from '@/language'
import { useNames } from '@/stores/names'
import { useTime } from '@/stores/time'
import { largestUnit, wallTime } from './duration'
import { placeName } from './place'
import { capitalised, withNames, withPlace } from './text'

interface Said {
  zh: string
  en: string
}

type WordGroup = 'state' | 'clock' | 'reason' | 'kind' | 'test' | 'device_state' | 'verdict' | 'argument' | 'place' | 'channel'

/** Whether a closed set has this name; the names come from devices and packs, so only own keys count. */
const hasWord = (group: WordGroup, name: string): boolean => Object.hasOwn(messages.en[group], name)

export function useWords() {
  const { t, locale } = useI18n()
  const time = useTime()
  const names = useNames()
  const isChinese = computed(() => locale.value.startsWith('zh'))

  /** The word for a name out of a closed set; the name itself where it is none of ours (a pack may add hazards and clocks). */
  const word = (group: WordGroup, name: string): string => (hasWord(group, name) ? t(`${group}.${name}`) : name.replaceAll('_', ' '))

  const place = (zone: string): string =>
    placeName(zone, (key, n) => (hasWord('place', key) ? t(`place.${key}`, { n }) : undefined), isChinese.value ? ' ' : ', ')

  /**
   * A sentence of the chain in the reader's language, or in the other one where it is empty. The path of its zone, which
   * the chain writes as it is, is put into words.
   */
  const say = (sentence: Said | null | undefined, zone = ''): string => {
    if (!sentence) return ''
    const text = isChinese.value ? sentence.zh || sentence.en : sentence.en || sentence.zh
    return withPlace(text, zone, place(zone))
  }

  /**
   * The same as a statement of its own, which in English begins with a capital, and with these ids of parties and
   * responders by their names. A statement that begins with `actor` leaves the name of who did it as it is written.
   */
  const state = (sentence: Said | null | undefined, zone = '', ids: readonly string[] = [], actor = ''): string =>
    capitalised(withNames(say(sentence, zone), ids, named), actor)

  /** The title of a case without the place, which always stands beside it. */
  const title = (incident: { title: Said; zone: string; hazard: string }): string => {
    const text = say(incident.title)
    const isPlaced = incident.zone !== '' && text.endsWith(` · ${incident.zone}`)
    return (isPlaced ? text.slice(0, -incident.zone.length - 3) : text) || incident.hazard
  }

  /** What a party or a responder is called; the id where the rule pack has no name for it. */
  const named = (id: string): string => say(names.titles.get(id)) || id

  const ago = (at: number): string => {
    const { count, unit } = largestUnit(time.now - at)
    return t(`ago.${unit}`, { count })
  }

  const lasting = (duration_ms: number): string => {
    const { count, unit } = largestUnit(duration_ms)
    return t(`lasting.${unit}`, { count })
  }

  const clockTime = (at: number): string => wallTime(at, time.now)

  /** A measured value with its unit, never with more digits than anybody reads. */
  const quantity = (value: number | string | null, unit = ''): string => {
    if (value === null || value === '') return '–'
    const number = typeof value === 'number' ? String(Math.round(value * 100) / 100) : word('device_state', value)
    return unit && unit !== '1' ? `${number} ${unit}` : number
  }

  return { t, say, state, title, named, word, place, ago, lasting, clockTime, quantity, isChinese }
}
