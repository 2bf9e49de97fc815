import assert from 'node:assert/strict'
import { test } from 'node:test'
import { patience } from '../src/desk/freshness.ts'

test('two missed heartbeats make the picture stale, but a quick service is given five seconds', () => {
  assert.equal(patience([2000, 2010, 1990]), 5000)
  assert.equal(patience([5000, 4000]), 11_000)
})

test('before the rhythm is known, and for a slow one, patience ends at fifteen seconds', () => {
  assert.equal(patience([]), 15_000)
  assert.equal(patience([60_000]), 15_000)
})
