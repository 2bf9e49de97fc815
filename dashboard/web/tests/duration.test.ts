import assert from 'node:assert/strict'
import { test } from 'node:test'
import { largestUnit, stopwatch, wallTime } from '../src/desk/duration.ts'

test('a relative time uses its largest whole unit', () => {
  assert.deepEqual(largestUnit(-5), { count: 0, unit: 'second' })
  assert.deepEqual(largestUnit(59_999), { count: 59, unit: 'second' })
  assert.deepEqual(largestUnit(60_000), { count: 1, unit: 'minute' })
  assert.deepEqual(largestUnit(3_599_999), { count: 59, unit: 'minute' })
  assert.deepEqual(largestUnit(86_400_000), { count: 1, unit: 'day' })
})

test('a countdown shows 00:00 only when the time is over', () => {
  assert.equal(stopwatch(1), '00:01')
  assert.equal(stopwatch(0), '00:00')
  assert.equal(stopwatch(59_001), '01:00')
  assert.equal(stopwatch(3_723_000), '1:02:03')
})

test('overdue time counts up in whole seconds that have passed', () => {
  assert.equal(stopwatch(-999), '00:00')
  assert.equal(stopwatch(-61_000), '01:01')
})

test('wall time names the day only where it is another day', () => {
  const noon = new Date(2026, 10, 23, 12, 3, 4).getTime()
  assert.equal(wallTime(noon, noon + 1000), '12:03:04')
  assert.equal(wallTime(noon, noon + 86_400_000), '11-23 12:03:04')
  assert.equal(wallTime(noon, new Date(2027, 0, 1).getTime()), '2026-11-23 12:03:04')
  assert.equal(wallTime(noon), '2026-11-23 12:03:04')
})
