import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { limits } from '../limits.ts'
import type { Identity } from './identity-store.ts'
import { commonOwner, type LinkRequest, planLink, planMerge } from './link-rules.ts'
import type { Login } from './login-rules.ts'

const login = (text: string): Login => {
  const [provider = '', subject = ''] = text.split(':')
  return { provider, subject }
}
/** `a:1 b:2`: subject 1 at provider a, 2 at b. `dev` is the developer provider. */
const logins = (text: string): Login[] => (text === '' ? [] : text.split(' ').map(login))

const identity = (id: string, held: string, more: Partial<Identity> = {}): Identity => ({
  id,
  poolId: 'pool',
  disabled: false,
  mergedInto: undefined,
  linked: held !== '',
  logins: logins(held),
  createdAt: 1,
  updatedAt: 1,
  version: 1,
  ...more,
})
const guest = identity('guest', '')
const orphan = identity('orphan', '', { linked: true })
const merged = identity('merged', '', { linked: true, disabled: true, mergedInto: 'Y' })
const X = identity('X', 'a:1')
const Y = identity('Y', 'b:1')

const plan = (request: Partial<LinkRequest>) => {
  const answer = planLink({ owners: [], logins: [], developerProvider: 'dev', ...request })
  if (answer.refused) return answer.refused
  const ids = answer.absorb.map(({ id }) => id).join(' ')
  return `${answer.survivor?.id ?? 'new'} + ${answer.attach.map(({ provider, subject }) => `${provider}:${subject}`).join(' ')} - ${ids}`
}

it.each<[ownerIds: (string | undefined)[], common: string | undefined]>([
  [['X', 'X'], 'X'],
  [['X', 'Y'], undefined],
  [['X', undefined], undefined],
  [[undefined, 'X'], undefined],
  [[undefined], undefined],
  [[], undefined],
])('logins that lead to %j have the owner %s in common', (ownerIds, common) => {
  expect(commonOwner(ownerIds)).toBe(common)
})

describe('identities after linking and merging', () => {
  it.each<[situation: string, request: Partial<LinkRequest>, outcome: string]>([
    ['nobody named, new logins', { logins: logins('a:1 b:1') }, 'new + a:1 b:1 - '],
    ['the same login twice, by two names of its provider', { logins: logins('a:1 a:1') }, 'new + a:1 - '],
    ['two subjects of one provider', { logins: logins('a:1 a:2') }, 'conflict'],
    ['two subjects at the developer', { logins: logins('dev:1 dev:2') }, 'new + dev:1 dev:2 - '],
    ['nobody named, a known login', { logins: logins('a:1'), owners: [X] }, 'X +  - '],
    ['nobody named, a known and a new login', { logins: logins('a:1 b:1'), owners: [X] }, 'X + b:1 - '],
    ['nobody named, logins of two', { logins: logins('b:1 a:1'), owners: [Y, X] }, 'X +  - Y'],
    ['a guest signs in for the first time', { named: guest, logins: logins('a:1') }, 'guest + a:1 - '],
    ['a guest signs in as somebody known', { named: guest, logins: logins('a:1'), owners: [X] }, 'X +  - guest'],
    [
      'a guest with a known and a new login',
      { named: guest, logins: logins('a:1 b:1'), owners: [X] },
      'X + b:1 - guest',
    ],
    ['a guest with logins of two', { named: guest, logins: logins('a:1 b:1'), owners: [X, Y] }, 'X +  - Y guest'],
    ['a guest without logins', { named: guest }, 'guest +  - '],
    ['an own login', { named: X, logins: logins('a:1'), owners: [X] }, 'X +  - '],
    ['an own and a new login', { named: X, logins: logins('a:1 b:1'), owners: [X] }, 'X + b:1 - '],
    ['an own login and one of somebody else', { named: Y, logins: logins('a:1 b:1'), owners: [X, Y] }, 'X +  - Y'],
    ['only a login of somebody else', { named: X, logins: logins('b:1'), owners: [Y] }, 'logins-do-not-match'],
    ['only a new login', { named: X, logins: logins('b:1') }, 'logins-do-not-match'],
    ['only another subject of its provider', { named: X, logins: logins('a:2') }, 'logins-do-not-match'],
    ['no login', { named: X }, 'forbidden'],
    [
      'an own login and another subject of a provider',
      { named: identity('Z', 'a:1 b:1'), logins: logins('a:1 b:2'), owners: [identity('Z', 'a:1 b:1')] },
      'conflict',
    ],
    ['one that lost its last login, with a new one', { named: orphan, logins: logins('a:1') }, 'forbidden'],
    [
      'one that lost its last login, with one of somebody else',
      { named: orphan, logins: logins('a:1'), owners: [X] },
      'forbidden',
    ],
    [
      'one that was merged, with a login of the survivor',
      { named: merged, namedSurvivorId: 'Y', logins: logins('b:1'), owners: [Y] },
      'Y +  - ',
    ],
    [
      'one that was merged, with a new one beside',
      { named: merged, namedSurvivorId: 'Y', logins: logins('b:1 c:1'), owners: [Y] },
      'Y + c:1 - ',
    ],
    [
      'one that was merged, with a login of somebody else',
      { named: merged, namedSurvivorId: 'Y', logins: logins('a:1'), owners: [X] },
      'forbidden',
    ],
    [
      'one that was merged, with a new login',
      { named: merged, namedSurvivorId: 'Y', logins: logins('c:1') },
      'forbidden',
    ],
    ['one that was merged, without logins', { named: merged, namedSurvivorId: 'Y' }, 'forbidden'],
    ['one whose survivor is gone', { named: merged, logins: logins('b:1'), owners: [Y] }, 'forbidden'],
    [
      'two that hold different subjects of one provider',
      { logins: logins('a:1 b:1'), owners: [identity('X', 'a:1 c:1'), identity('Y', 'b:1 c:2')] },
      'conflict',
    ],
    [
      'two with different users of the developer',
      { logins: logins('a:1 b:1'), owners: [identity('X', 'a:1 dev:1'), identity('Y', 'b:1 dev:2')] },
      'X +  - Y',
    ],
    [
      'the backend names an identity without proof',
      { trusted: true, named: X, logins: logins('dev:1') },
      'X + dev:1 - ',
    ],
    ['the backend names a guest', { trusted: true, named: guest, logins: logins('dev:1') }, 'guest + dev:1 - '],
    [
      'the backend gives an orphan a login',
      { trusted: true, named: orphan, logins: logins('dev:1') },
      'orphan + dev:1 - ',
    ],
    [
      'the backend joins an identity with another of the same person',
      { trusted: true, named: Y, logins: logins('dev:1 a:1'), owners: [X] },
      'Y + dev:1 - X',
    ],
    [
      'the backend names one whose survivor is gone',
      { trusted: true, named: merged, logins: logins('dev:1') },
      'forbidden',
    ],
  ])('%s', (_situation, request, outcome) => expect(plan(request)).toBe(outcome))

  it('have at most twenty logins, also after a merge', () => {
    const many = (from: number, count: number) => Array.from({ length: count }, (_, i) => `p${from + i}:1`).join(' ')
    const held = identity('X', many(0, 19))
    const own = many(0, 1)
    const asked = (more: string) => plan({ named: held, owners: [held], logins: logins(`${own} ${more}`) })
    expect(asked('x:1')).toBe('X + x:1 - ')
    expect(asked('x:1 y:1')).toBe('too-many-logins')
    const other = identity('Y', many(19, 2))
    expect(plan({ owners: [held, other], logins: logins(`${own} p19:1`) })).toBe('too-many-logins')
    expect(planMerge(held, other, 'dev')).toEqual({ refused: 'too-many-logins' })
  })

  it('are merged by the backend into the destination', () => {
    expect(planMerge(X, Y, 'dev')).toEqual({ survivor: Y, attach: [], absorb: [X] })
    expect(planMerge(X, X, 'dev')).toEqual({ survivor: X, attach: [], absorb: [] })
    expect(planMerge(identity('X', 'c:1 dev:1'), identity('Y', 'c:2 dev:2'), 'dev')).toEqual({ refused: 'conflict' })
  })
})

describe('for any link request', () => {
  const someLogin = fc.record({ provider: fc.constantFrom('a', 'b', 'c', 'dev'), subject: fc.constantFrom('1', '2') })
  /** Identities of a pool as the tables can hold them: every login leads to one of them. */
  const world = fc
    .tuple(
      fc.uniqueArray(someLogin, { selector: ({ provider, subject }) => `${provider}:${subject}` }),
      fc.array(fc.nat(2), { minLength: 8, maxLength: 8 }),
    )
    .map(([all, owners]) =>
      [0, 1, 2].map((n): Identity => {
        const own = all.filter((_, i) => owners[i] === n)
        return { ...identity(`I${n}`, ''), logins: own, linked: own.length > 0 }
      }),
    )
  const requests = fc.record({
    identities: world,
    logins: fc.array(someLogin, { maxLength: 4 }),
    named: fc.option(fc.nat(2), { nil: undefined }),
    trusted: fc.boolean(),
  })
  const holds = (held: Identity, { provider, subject }: Login) =>
    held.logins.some((own) => own.provider === provider && own.subject === subject)

  it('an identity with logins needs one of them, and no login is lost', () => {
    fc.assert(
      fc.property(requests, ({ identities, logins: given, named: index, trusted }) => {
        const named = index === undefined ? undefined : identities[index]
        const owners = identities.filter((each) => given.some((one) => holds(each, one)))
        const answer = planLink({ named, owners, logins: given, developerProvider: 'dev', trusted })
        if (answer.refused) return
        const touched = [...(answer.survivor ? [answer.survivor] : []), ...answer.absorb]
        for (const each of touched) {
          const proven = !each.linked || given.some((one) => holds(each, one))
          expect(proven || (trusted && each.id === named?.id)).toBe(true)
        }
        expect(new Set(touched.map(({ id }) => id)).size).toBe(touched.length)
        const after = [...touched.flatMap((each) => each.logins), ...answer.attach]
        for (const one of given) expect(after).toContainEqual(one)
        // All owners end in the survivor, and no login is given to two.
        for (const owner of owners) expect(touched).toContain(owner)
        expect(new Set(after.map((one) => JSON.stringify(one))).size).toBe(after.length)
        expect(after.length).toBeLessThanOrEqual(limits.loginsPerIdentity.max)
        const subjects = after.filter(({ provider }) => provider !== 'dev').map(({ provider }) => provider)
        expect(new Set(subjects).size).toBe(subjects.length)
      }),
      { numRuns: 2000 },
    )
  })

  it('the order of logins and owners changes nothing', () => {
    fc.assert(
      fc.property(requests, ({ identities, logins: given, named: index }) => {
        const named = index === undefined ? undefined : identities[index]
        const owners = identities.filter((each) => given.some((one) => holds(each, one)))
        const one = planLink({ named, owners, logins: given, developerProvider: 'dev' })
        const other = planLink({
          named,
          owners: owners.toReversed(),
          logins: given.toReversed(),
          developerProvider: 'dev',
        })
        expect(other.refused).toBe(one.refused)
        if (!one.refused && !other.refused) expect(other.survivor).toBe(one.survivor)
      }),
    )
  })
})
