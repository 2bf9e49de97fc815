// One small drawing per hazard, so that the eye finds a fire before it has read the word. 24 × 24, strokes only.

const DRAWINGS: Record<string, string> = {
  fire: 'M12 3c1 4 5 5.5 5 10.5a5 5 0 0 1-10 0c0-2 1-3.2 2-4.2.3 1.6 1 2.3 1.8 2.7C10.5 9 10.8 6 12 3ZM12 21c-1.6-1.2-1.6-3.4 0-5 1.6 1.6 1.6 3.8 0 5Z',
  gas: 'M7 18a4 4 0 0 1-.5-7.97A5.5 5.5 0 0 1 17 9.5a4.3 4.3 0 0 1 .5 8.5ZM9 21.5h.01M13 21.5h.01',
  bolt: 'M13 2.5 5 13.5h6l-1 8 8-11h-6Z',
  water: 'M12 3c3.5 4.5 6 7.5 6 11a6 6 0 0 1-12 0c0-3.5 2.5-6.5 6-11ZM9 14.5a3 3 0 0 0 3 3',
  person: 'M12 4.5a2.5 2.5 0 1 1 0 5 2.5 2.5 0 0 1 0-5ZM5.5 20c.5-4.5 3-7 6.5-7s6 2.5 6.5 7',
  sos: 'M12 3a9 9 0 1 1 0 18 9 9 0 0 1 0-18ZM12 7v6M12 16.5v.01',
  intrusion: 'M4 21V6l8-3 8 3v15M9 21v-7h6v7M4 10h16',
  ebike: 'M5.5 14a3 3 0 1 1 0 6 3 3 0 0 1 0-6ZM18.5 14a3 3 0 1 1 0 6 3 3 0 0 1 0-6ZM5.5 17h6l3.5-8h-3M15 9l3.5 8M17 5h-2',
  lift: 'M5 3h14v18H5ZM12 3v18M8 10l1-2 1 2M14 14l1 2 1-2',
  device: 'M4 9a12 12 0 0 1 16 0M7 12.5a7.5 7.5 0 0 1 10 0M10 16a3 3 0 0 1 4 0M12 19.5v.01M4 3l16 18',
  other: 'M12 3.5 22 20.5H2ZM12 10v4.5M12 17.5v.01',
}

const FAMILIES: readonly [RegExp, string][] = [
  [/electric|residual|cable|power/, 'bolt'],
  [/ebike|bike/, 'ebike'],
  [/lift|entrap|elevator/, 'lift'],
  [/gas|carbon_monoxide|^co$/, 'gas'],
  [/water|flood|leak|moisture/, 'water'],
  [/^(?!fire_lane).*(fire|smoke|heat)/, 'fire'],
  [/sos|help|report/, 'sos'],
  [/elder|fall|inactiv|person/, 'person'],
  [/intrusion|perimeter|loiter|line_cross|tamper/, 'intrusion'],
  [/device|lost|silent|offline/, 'device'],
]

/** The drawing of a hazard; a warning triangle for what a pack has added. */
export function drawingOf(hazard: string): string {
  const family = FAMILIES.find(([pattern]) => pattern.test(hazard))?.[1] ?? 'other'
  return DRAWINGS[family] ?? ''
}
