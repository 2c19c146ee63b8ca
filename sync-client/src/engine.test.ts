// Laws of the engine, for any edits.
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  apply,
  difference,
  edit,
  emptyState,
  type Intent,
  type Known,
  type Op,
  type Rules,
  type State,
  seen,
} from './engine.ts'
import { acknowledged, begin, patches, rebase, refused } from './exchange.ts'
import { merge3 } from './merge3.ts'
import { everyEntry, stateOf } from './replica.ts'
import { decode, encode } from './values.ts'

/** Whole numbers, as sums of others depend on their order. */
const json = fc
  .jsonValue({ maxDepth: 2 })
  .map((value) => (typeof value === 'number' ? Math.trunc(value % 1_000_000) + 0 : value))
const item = fc.constantFrom('a', 'b', 'c')
const op: fc.Arbitrary<Op> = fc.oneof(
  json.map((value): Op => ({ op: 'set', value: encode(value) as string })),
  fc.constant<Op>({ op: 'delete' }),
  fc.integer({ min: -5, max: 5 }).map((by): Op => ({ op: 'add', by })),
  fc.tuple(fc.constantFrom('insert' as const, 'drop' as const), item).map(([name, it]): Op => ({ op: name, item: it })),
)
const edits = fc.array(fc.tuple(fc.constantFrom('k', 'l'), op), { maxLength: 12 })
const strategies = { k: 'last', l: 'merge' } as const
const rules: Rules = { device: 'me', strategy: (key) => strategies[key as 'k'] }

let ids = 0
/** Carries edits out one by one, as a tab that leads does. */
function edited(state: State, list: readonly (readonly [string, Op])[]): State {
  for (const [key, made] of list) {
    ids++
    const intent: Intent = { ...made, key, id: `i${String(ids).padStart(9, '0')}`, at: 1_000 + ids }
    apply(state, edit(state, intent))
  }
  return state
}

/** What edits make of a value, told plainly. */
function plainly(value: unknown, list: readonly Op[]): unknown {
  return list.reduce((now: unknown, made: Op) => {
    if (made.op === 'set') return decode(made.value)
    if (made.op === 'delete') return undefined
    if (made.op === 'add')
      return (typeof now === 'string' ? Number(now) || 0 : typeof now === 'number' ? now : 0) + made.by
    const items = Array.isArray(now) ? now : []
    const without = items.filter((other) => JSON.stringify(other) !== JSON.stringify(made.item))
    return made.op === 'insert' ? [...without, made.item] : without
  }, value)
}

/** A state whose server has something at both keys. */
function withBase(k: unknown, l: unknown): State {
  const state = emptyState()
  const record = (value: unknown): Known => ({ value: encode(value), count: 3, at: 500, by: 'other' })
  apply(state, {
    base: [
      ['k', record(k)],
      ['l', record(l)],
    ],
    meta: { count: 3 },
  })
  return state
}

const view = (state: State) => ['k', 'l'].map((key) => decode(seen(state, key)))

describe('any edits', () => {
  test('look as if they were carried out one after the other, however they are gathered', () => {
    fc.assert(
      fc.property(json, edits, (base, list) => {
        const state = edited(withBase(base, base), list)
        const ofKey = (key: string) => list.filter(([name]) => name === key).map(([, made]) => made)
        const normal = JSON.parse(JSON.stringify({ base })).base
        expect(view(state)).toEqual(
          [plainly(normal, ofKey('k')), plainly(normal, ofKey('l'))].map((v) => decode(encode(v))),
        )
        for (const intents of state.outbox.values())
          expect(intents.filter((intent) => intent.op === 'set' || intent.op === 'delete').length).toBeLessThanOrEqual(
            1,
          )
      }),
    )
  })

  test('look the same in a state that was stored and read', () => {
    fc.assert(
      fc.property(json, edits, (base, list) => {
        const state = edited(withBase(base, base), list)
        const stored = everyEntry(state, 'id/d/', new Map())
        expect(stateOf(structuredClone(stored), 'id/d/')).toEqual(state)
      }),
    )
  })

  test('look the same while they are pushed and when they were, and then nothing is left to push', () => {
    fc.assert(
      fc.property(json, edits, edits, (base, first, later) => {
        const state = edited(withBase(base, base), first)
        const delta = begin(state, rules)
        if (!delta) return
        apply(state, delta)
        edited(state, later)
        const before = view(state)
        const list = patches(state, 9_999_999, rules)
        const records = new Map(list.map(({ key, value, at }) => [key, { value, count: 4, at, by: 'me' }]))
        apply(state, acknowledged(state, list, records, 'me'))
        expect(view(state)).toEqual(before)
        expect(state.meta).toMatchObject({ count: list.length > 0 ? 4 : 3, sent: undefined })
        if (later.length === 0) expect([...state.outbox]).toEqual([])
      }),
    )
  })

  test('of a push that is refused are as any that are not sent', () => {
    fc.assert(
      fc.property(json, edits, (base, list) => {
        const state = edited(withBase(base, base), list)
        const before = structuredClone(state.outbox)
        const delta = begin(state, rules)
        if (!delta) return
        apply(state, delta)
        apply(state, refused(state))
        expect(state.outbox).toEqual(before)
        expect(state.meta.sent).toBeUndefined()
      }),
    )
  })

  test('stay as they are over a pull that brings nothing, twice the same, or what is older', () => {
    fc.assert(
      fc.property(json, json, edits, (base, other, list) => {
        const state = edited(withBase(base, base), list)
        apply(
          state,
          rebase(
            state,
            { count: 5, records: new Map([['k', { value: encode(other), count: 5, at: 900, by: 'x' }]]), whole: false },
            rules,
          ),
        )
        const before = structuredClone(state)
        const again = new Map([
          ['k', { value: encode(other), count: 5, at: 900, by: 'x' }],
          ['l', { value: 'old', count: 1, at: 1, by: 'x' }],
        ])
        apply(state, rebase(state, { count: 5, records: again, whole: false }, rules))
        expect(state).toEqual(before)
      }),
    )
  })
})

test('a pull meets increments that are sent and those after them, once each', () => {
  const state = edited(withBase(1, null), [['k', { op: 'add', by: 2 }]])
  apply(state, begin(state, rules) ?? {})
  edited(state, [['k', { op: 'add', by: 10 }]])
  const from = (value: unknown, mark?: string) => ({
    count: 5,
    whole: false,
    records: new Map<string, Known>([
      ['k', { value: encode(value), count: 5, at: 900, by: 'x' }],
      ...(mark ? [['_sync.me', { value: mark, count: 4, at: 900, by: 'me' }] as const] : []),
    ]),
  })
  const lost = structuredClone(state)
  apply(lost, rebase(lost, from(100), rules))
  expect(view(lost)[0]).toBe(112)
  const applied = structuredClone(state)
  apply(applied, rebase(applied, from(103, '1'), rules))
  expect(view(applied)[0]).toBe(113)
  expect(applied.meta.sent).toBeUndefined()
})

describe('values', () => {
  test('any JSON comes back from its text, with a word as well, and texts stay texts', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          json,
          fc.string(),
          fc.string().map((text) => `json1:${text}`),
        ),
        (value) => {
          const normal = JSON.parse(JSON.stringify({ value })).value
          expect(decode(encode(value))).toEqual(normal)
          expect(decode(encode(value, 'dev.7'))).toEqual(normal)
        },
      ),
    )
    expect([encode('dark'), encode(''), encode(undefined)]).toEqual(['dark', 'json1:""', undefined])
    expect(decode('json1:{broken')).toBe('json1:{broken')
  })

  test('a difference makes the later value of the earlier one', () => {
    const lists = fc.uniqueArray(item)
    fc.assert(
      fc.property(lists, lists, fc.integer(), fc.integer(), (before, after, from, to) => {
        expect(new Set(plainly(before, difference(before, after, 'set')) as string[])).toEqual(new Set(after))
        expect(plainly(from, difference(from, to, 'counter'))).toBe(to)
      }),
    )
  })

  test('joining takes what only one side changed', () => {
    fc.assert(
      fc.property(json, json, fc.constantFrom('local' as const, 'remote' as const), (base, changed, prefer) => {
        expect(merge3(base, changed, base, prefer)).toEqual(changed)
        expect(merge3(base, base, changed, prefer)).toEqual(changed)
        expect(merge3(base, changed, changed, prefer)).toEqual(changed)
      }),
    )
    const base = { a: 1, b: { c: 1, d: 1 } }
    expect(merge3(base, { a: 2, b: { c: 1, d: 2 } }, { a: 3, b: { c: 2, d: 1 }, e: 1 }, 'local')).toEqual({
      a: 2,
      b: { c: 2, d: 2 },
      e: 1,
    })
  })
})
