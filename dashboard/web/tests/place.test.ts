import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type PlaceWord, placeName } from '../src/desk/place.ts'

const WORDS: Record<string, string> = { b: '{n} 号楼', u: '{n} 单元', room: '{n} 室', 'lift-pit': '{n} 号电梯底坑', garage: '车库', level: '地下 {n} 层', community: '全社区' }
const word: PlaceWord = (key, n) => (Object.hasOwn(WORDS, key) ? WORDS[key]?.replace('{n}', n) : undefined)
const name = (zone: string): string => placeName(zone, word, ' ')

test('a path becomes an address', () => {
  assert.equal(name('b03/u1/0502'), '3 号楼 1 单元 0502 室')
  assert.equal(name('b10/u2/lift1-pit'), '10 号楼 2 单元 1 号电梯底坑')
})

test('under a garage b1 is a level, not a building', () => {
  assert.equal(name('garage/b1'), '车库 地下 1 层')
})

test('what has no word is shown as it stands, and no path is the whole community', () => {
  assert.equal(name('b01/<i>x'), '1 号楼 <i>x')
  assert.equal(name('配电房/constructor'), '配电房 constructor')
  assert.equal(name(''), '全社区')
})
