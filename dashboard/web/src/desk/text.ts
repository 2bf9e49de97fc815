// Sentences of the chain as statements of their own: ids give way to names, zones to addresses, and English begins with a capital.

const BARE_WORD = /^\p{Ll}[\p{L}’'-]*(?=[\s,;:.!?]|$)/u
const HAN = '\\p{Script=Han}'

/** The text with its first letter a capital one; where it begins with an id (`guard_2`, `b03/u1`) or with `except`, as it stands. */
export function capitalised(text: string, except = ''): string {
  if (!BARE_WORD.test(text) || (except !== '' && text.startsWith(except))) return text
  return text.charAt(0).toUpperCase() + text.slice(1)
}

/** The text with each of these ids, where it stands as a word of its own, replaced by its name. */
export function withNames(text: string, ids: readonly string[], nameOf: (id: string) => string): string {
  const wanted = [...new Set(ids)].filter((id) => id !== '').sort((a, b) => b.length - a.length)
  if (wanted.length === 0) return text
  const pattern = new RegExp(`(?<![\\w/-])(?:${wanted.map(escaped).join('|')})(?![\\w/-])`, 'gu')
  return text.replace(pattern, (id) => nameOf(id))
}

/** The text with the path of a zone replaced by its address; a Chinese address needs no space before Chinese. */
export function withPlace(text: string, zone: string, place: string): string {
  if (zone === '') return text
  const gap = new RegExp(`${HAN}$`, 'u').test(place) ? `(?: (?=${HAN}))?` : ''
  return text.replace(new RegExp(`${escaped(zone)}(?![\\w/-])${gap}`, 'gu'), () => place)
}

function escaped(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/]/gu, '\\$&')
}

/** A share between 0 and 1 in whole percent, never rounded up: what is not quite certain is not called so. */
export function share(of: number): string {
  return `${Math.floor(of * 100 + 1e-6)} %`
}
