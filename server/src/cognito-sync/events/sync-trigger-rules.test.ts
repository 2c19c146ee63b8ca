import { describe, expect, it } from 'vitest'
import { readDecision, syncEvent } from './sync-trigger-rules.ts'

const occasion = {
  region: 'us-east-1',
  identityPoolId: 'us-east-1:11',
  identityId: 'us-east-1:22',
  datasetName: 'game',
}
const stored = new Map([
  ['level', '3'],
  ['name', 'Ada'],
  ['old', 'x'],
])
const pending = [
  { key: 'level', value: '4' },
  { key: 'old', value: undefined },
  { key: 'new', value: 'n' },
]
const event = syncEvent(occasion, stored, pending)
/** What the answer of a function decides that returns the event with these members, and these records, in place of its own. */
const decide = (records: Record<string, unknown>, members: Record<string, unknown> = {}) => {
  const answer = { ...event, datasetRecords: { ...event.datasetRecords, ...records }, ...members }
  return readDecision(event, JSON.stringify(answer), stored, pending)
}
const [level, old, added] = pending as [(typeof pending)[0], (typeof pending)[0], (typeof pending)[0]]

it('the event has all records of the dataset with what is to change', () => {
  expect(JSON.parse(JSON.stringify(event))).toEqual({
    version: 2,
    eventType: 'SyncTrigger',
    ...occasion,
    datasetRecords: {
      level: { oldValue: '3', newValue: '4', op: 'replace' },
      name: { oldValue: 'Ada', newValue: 'Ada' },
      old: { oldValue: 'x', newValue: null, op: 'remove' },
      new: { oldValue: null, newValue: 'n', op: 'replace' },
    },
  })
})

describe('an answer', () => {
  it('that is the event as it was changes nothing', () => {
    expect(decide({})).toEqual({ changes: pending, kept: [] })
  })

  it.each([
    ['another value', { level: { newValue: '5', op: 'replace' } }, [{ key: 'level', value: '5' }, old, added]],
    [
      'a value of a record that nobody changed',
      { name: { newValue: 'Bea', op: 'replace' } },
      [level, { key: 'name', value: 'Bea' }, old, added],
    ],
    ['a record more', { badge: { newValue: 'gold', op: 'replace' } }, [...pending, { key: 'badge', value: 'gold' }]],
    ['op remove', { name: { newValue: 'Ada', op: 'remove' } }, [level, { key: 'name', value: undefined }, old, added]],
    ['null in place of a record', { level: null }, [{ key: 'level', value: undefined }, old, added]],
    [
      'null as the value',
      { level: { newValue: null, op: 'replace' } },
      [{ key: 'level', value: undefined }, old, added],
    ],
    ['a removal of what is not there', { nothing: null }, pending],
  ])('with %s decides that', (_, records, changes) => {
    expect(decide(records)).toEqual({ changes: expect.arrayContaining(changes), kept: [] })
    expect(decide(records)).toMatchObject({ changes: { length: changes.length } })
  })

  it('that leaves out records leaves them as they are stored', () => {
    expect(decide({ level: undefined, name: undefined })).toEqual({ changes: [old, added], kept: ['level'] })
  })

  it.each([
    ['about another dataset', {}, { datasetName: 'other' }, 'datasetName is not as it was'],
    ['without the version', {}, { version: undefined }, 'version is not as it was'],
    ['without records', {}, { datasetRecords: undefined }, 'datasetRecords is no object'],
    ['with a list of records', {}, { datasetRecords: [] }, 'datasetRecords is no object'],
    ['with a number as a value', { level: { newValue: 5, op: 'replace' } }, {}, "the record 'level' has another form"],
    ['with a text as a record', { level: '5' }, {}, "the record 'level' has another form"],
    ['with another op', { level: { newValue: '5', op: 'add' } }, {}, "the record 'level' has another form"],
    [
      'with half a surrogate pair in a value',
      { level: { newValue: '\ud800', op: 'replace' } },
      {},
      "the record 'level' has another form",
    ],
    [
      'with half a surrogate pair in a key',
      { '\ud800': { newValue: '5', op: 'replace' } },
      {},
      "the record '\ud800' has another form",
    ],
    ['with an empty key', { '': { newValue: '5', op: 'replace' } }, {}, "the record '' has another form"],
  ])('%s is none', (_, records, members, problem) => {
    expect(decide(records, members)).toEqual({ problem })
  })

  it.each(['ok', '[]', 'null'])('that is %s is none', (text) => {
    expect(readDecision(event, text, stored, pending)).toEqual({ problem: 'it is not the event' })
  })

  it('may hold any key, those of objects of JavaScript too', () => {
    const odd = [
      { key: '__proto__', value: 'p' },
      { key: 'constructor', value: 'c' },
    ]
    const about = syncEvent(occasion, new Map(), odd)
    expect(readDecision(about, JSON.stringify(about), new Map(), odd)).toEqual({ changes: odd, kept: [] })
  })
})
