// A zone's path in words: b03/u1/0502 is 3 号楼 1 单元 0502 室. What we have no word for is shown as it stands.

/** The word for a part of a place, or undefined where there is none. `n` is the part's number. */
export type PlaceWord = (key: string, n: string) => string | undefined

const ROOM = /^\d{3,4}$/
const NUMBERED = /^([a-z]+(?:-[a-z]+)*?)-?(\d+)((?:-[a-z]+)?)$/i

/** The path in words, from large to small; an empty path is the whole community. */
export function placeName(zone: string, wordOf: PlaceWord, separator: string): string {
  if (!zone) return wordOf('community', '') ?? ''
  const parts = zone.split('/')
  return parts.map((part, index) => partName(part, parts[index - 1] ?? '', wordOf)).join(separator)
}

function partName(part: string, within: string, wordOf: PlaceWord): string {
  if (ROOM.test(part)) return wordOf('room', part) ?? part
  const numbered = NUMBERED.exec(part)
  if (!numbered) return wordOf(part, '') ?? part
  const [, name = '', number = '', more = ''] = numbered
  const key = within === 'garage' && name === 'b' ? 'level' : `${name}${more}`
  return wordOf(key, number.replace(/^0+(?=\d)/, '')) ?? part
}
