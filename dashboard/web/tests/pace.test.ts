import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type Pace, paced } from '../src/desk/pace.ts'

const after = (sightings: [server_at: number, here_ms: number][]): Pace | null =>
  sightings.reduce<Pace | null>((pace, [server_at, here_ms]) => paced(pace, { server_at, here_ms }), null)

test('an ordinary clock runs at one, however uneven the line', () => {
  assert.equal(after([[0, 0], [5040, 5000], [9950, 10_000]])?.rate, 1)
})

test('a demonstration’s clock is followed once two looks agree', () => {
  assert.equal(after([[0, 0], [20_000, 5000]])?.rate, 1)
  assert.equal(after([[0, 0], [20_000, 5000], [40_000, 10_000]])?.rate, 4)
})

test('a clock that was set forward is not a fast one', () => {
  assert.equal(after([[0, 0], [35_000, 5000], [40_000, 10_000], [45_000, 15_000]])?.rate, 1)
})

test('looks that lie close together say nothing', () => {
  const first = after([[0, 0]])
  assert.equal(paced(first, { server_at: 900, here_ms: 100 }), first)
})
