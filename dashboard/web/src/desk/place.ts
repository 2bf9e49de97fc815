// A zone's path in words: b03/u1/0502 is 3 号楼 1 单元 0502. What we do not know is shown as it stands.

interface PlaceWord {
  pattern: RegExp
  zh: (found: string) => string
  en: (found: string) => string
}

const plain = (found: string): string => found.replace(/^0+(?=\d)/, '')

const WORDS: readonly PlaceWord[] = [
  { pattern: /^b(\d+)$/i, zh: (n) => `${plain(n)} 号楼`, en: (n) => `Building ${plain(n)}` },
  { pattern: /^u(\d+)$/i, zh: (n) => `${plain(n)} 单元`, en: (n) => `Unit ${plain(n)}` },
  { pattern: /^f(-?\d+)$/i, zh: (n) => `${plain(n)} 层`, en: (n) => `Floor ${plain(n)}` },
  { pattern: /^(?:lift|elevator)[-_]?(\d*)$/i, zh: (n) => `${plain(n)}${n ? ' 号' : ''}电梯`, en: (n) => `Lift ${plain(n)}`.trim() },
  { pattern: /^(?:garage|parking)[-_]?(\w*)$/i, zh: (n) => `车库${n ? ` ${n}` : ''}`, en: (n) => `Garage ${n}`.trim() },
  { pattern: /^roof$/i, zh: () => '屋顶', en: () => 'Roof' },
  { pattern: /^(?:gate)[-_]?(\w*)$/i, zh: (n) => `${n ? `${n} 号` : ''}门岗`, en: (n) => `Gate ${n}`.trim() },
  { pattern: /^(?:perimeter|fence)[-_]?(\w*)$/i, zh: (n) => `周界${n ? ` ${n}` : ''}`, en: (n) => `Perimeter ${n}`.trim() },
  { pattern: /^(\d{3,4})$/, zh: (n) => `${n} 室`, en: (n) => `Room ${n}` },
]

/** The path in words, from large to small; an empty path is the whole community. */
export function placeName(zone: string, language: string): string {
  const isChinese = language.startsWith('zh')
  if (!zone) return isChinese ? '全社区' : 'Whole community'
  const parts = zone.split('/').map((part) => {
    for (const word of WORDS) {
      const found = word.pattern.exec(part)
      if (found) return (isChinese ? word.zh : word.en)(found[1] ?? '')
    }
    return part
  })
  return parts.join(isChinese ? ' ' : ', ')
}
