import assert from 'node:assert/strict'
import { test } from 'node:test'
import { offsetOf } from '../src/desk/caret.ts'

const TEXT = 'mapping: x\ntitle: {zh: 箱𝄞, en: b}\nend'

test('a line and a column are a place in the text', () => {
  assert.equal(offsetOf(TEXT, 1, 1), 0)
  assert.equal(TEXT.slice(offsetOf(TEXT, 2, 1)).slice(0, 5), 'title')
  assert.equal(TEXT.slice(offsetOf(TEXT, 2, 17)).slice(0, 2), 'en')
})

test('what is not there is at the end of its line, or of the text', () => {
  assert.equal(offsetOf(TEXT, 3, 99), TEXT.length)
  assert.equal(offsetOf(TEXT, 9, 1), TEXT.length)
  assert.equal(offsetOf('', 1, 1), 0)
})
