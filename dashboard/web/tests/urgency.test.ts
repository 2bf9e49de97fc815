import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type Case, clockState, compareCases, mostUrgent, shareRun } from '../src/desk/urgency.ts'

const clock = { name: 'accepted', started_at: 1000, due_at: 2000 }

test('a clock runs, presses, and is missed at its deadline', () => {
  assert.equal(clockState(clock, 1000), 'running')
  assert.equal(clockState(clock, 1749), 'running')
  assert.equal(clockState(clock, 1750), 'near')
  assert.equal(clockState(clock, 2000), 'missed')
})

test('a clock that was met stays met, and says if it was late', () => {
  assert.equal(clockState({ ...clock, met_at: 1500 }, 9000), 'met')
  assert.equal(clockState({ ...clock, met_at: 2500 }, 9000), 'met_late')
  assert.equal(clockState({ ...clock, met_at: 2000, missed_at: 2000 }, 9000), 'met_late')
})

test('when the case is over an open clock stops, but a missed one stays missed', () => {
  assert.equal(clockState(clock, 9000, true), 'stopped')
  assert.equal(clockState({ ...clock, missed_at: 2000 }, 9000, true), 'missed')
})

test('the share of a clock stays between 0 and 1', () => {
  assert.equal(shareRun(clock, 0), 0)
  assert.equal(shareRun(clock, 1250), 0.25)
  assert.equal(shareRun(clock, 9999), 1)
  assert.equal(shareRun({ ...clock, due_at: 1000 }, 1000), 1)
})

test('the most urgent clock is the open one that is due first', () => {
  const met = { ...clock, due_at: 1500, met_at: 1400 }
  const later = { ...clock, name: 'on_scene', due_at: 5000 }
  assert.equal(mostUrgent([met, later, clock])?.name, 'accepted')
  assert.equal(mostUrgent([met]), undefined)
})

test('the queue puts the worst case that nobody acknowledged first, and closed cases last with the newest on top', () => {
  const row = (id: string, level: string, state: string, opened_at: number): Case => ({ id, level, state, opened_at })
  const queue = [
    row('closed-red', 'red', 'closed', 9),
    row('blue', 'blue', 'watch', 8),
    row('red-recovered', 'red', 'recovered', 7),
    row('red-old', 'red', 'open', 1),
    row('red-handled', 'red', 'handling', 0),
    row('red-new', 'red', 'open', 2),
    row('closed-blue', 'blue', 'closed', 10),
  ]
  const order = queue.sort(compareCases).map((entry) => entry.id)
  assert.deepEqual(order, ['red-old', 'red-new', 'red-handled', 'red-recovered', 'blue', 'closed-blue', 'closed-red'])
})
