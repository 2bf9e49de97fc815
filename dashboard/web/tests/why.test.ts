import assert from 'node:assert/strict'
import { test } from 'node:test'
import { causesOf, effectsOf } from '../src/desk/why.ts'

const node = (id: string, sort: string) => ({ id, sort })
const why = {
  id: 'i-1',
  nodes: [node('d1/e1', 'event'), node('f-1', 'judgement'), node('a-1', 'alarm'), node('i-1', 'incident'), node('d-1', 'dispatch'), node('n', 'notification')],
  edges: [
    ['i-1', 'a-1'],
    ['a-1', 'f-1'],
    ['f-1', 'd1/e1'],
    ['d-1', 'i-1'],
    ['f-1', 'gone'],
    ['a-1', 'd1/e1'],
  ].map(([node_id, because_of_id]) => ({ node_id, because_of_id, reason: '' })),
} as unknown as Parameters<typeof causesOf>[0]

test('each cause stands once, under what it is the cause of', () => {
  assert.deepEqual(
    causesOf(why).map(({ node: { id }, depth }) => `${depth} ${id}`),
    ['0 a-1', '1 f-1', '2 d1/e1'],
  )
})

test('orders follow; messages have a list of their own', () => {
  assert.deepEqual(effectsOf(why).map(({ id }) => id), ['d-1'])
})
