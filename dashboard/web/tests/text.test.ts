import assert from 'node:assert/strict'
import { test } from 'node:test'
import { capitalised, withNames, withPlace } from '../src/desk/text.ts'

const NAMES: Record<string, string> = { guard_1: 'Guard post 1', guard_10: 'Gate $& guard', 'a.b': 'Dot' }
const nameOf = (id: string): string => NAMES[id] ?? id

test('a statement of its own begins with a capital', () => {
  assert.equal(capitalised('the danger still stands'), 'The danger still stands')
  assert.equal(capitalised('e-bike in a lift: seen'), 'E-bike in a lift: seen')
  assert.equal(capitalised('Smoke: the flat'), 'Smoke: the flat')
  assert.equal(capitalised('real'), 'Real')
  assert.equal(capitalised(''), '')
})

test('Chinese, ids, paths and the name of who did it stay as they are', () => {
  for (const text of ['烟雾浓度', 'guard_2: accepted', 'b03/u1/0502: smoke', 'micro-station-2: done', '5 s left']) assert.equal(capitalised(text), text)
  assert.equal(capitalised('sam closed it: real', 'sam'), 'sam closed it: real')
})

test('ids become names only where they are whole words', () => {
  assert.equal(withNames('guard_1: accepted', ['guard_1', 'guard_10'], nameOf), 'Guard post 1: accepted')
  assert.equal(withNames('guard_10 到场（guard_1）', ['guard_1', 'guard_10'], nameOf), 'Gate $& guard 到场（Guard post 1）')
  assert.equal(withNames('xguard_1 guard_1x pir-guard_1', ['guard_1'], nameOf), 'xguard_1 guard_1x pir-guard_1')
  assert.equal(withNames('guard-wang 到场', ['guard-wang'], () => '保安一号岗'), '保安一号岗 到场')
  assert.equal(withNames('a.b aXb', ['a.b'], nameOf), 'Dot aXb')
  assert.equal(withNames('nothing', ['', 'unknown'], nameOf), 'nothing')
})

test('a zone becomes an address, without a gap in Chinese', () => {
  assert.equal(withPlace('b03/u1/0502 的设备 s：烟雾', 'b03/u1/0502', '3 号楼 0502 室'), '3 号楼 0502 室的设备 s：烟雾')
  assert.equal(withPlace('fire at b03 (b03/u1)', 'b03', 'Bldg 3'), 'fire at Bldg 3 (b03/u1)')
  assert.equal(withPlace('seen at wall-east', 'wall-east', 'Wall, east'), 'seen at Wall, east')
  assert.equal(withPlace('device smoke-b03-0502 in b03', '', 'all'), 'device smoke-b03-0502 in b03')
})
