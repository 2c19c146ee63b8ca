// Each operation of the contract has its kind: a new one is found here by its name, and by its category.
import { describe, expect, it, test } from 'vitest'
import { cognitoIdpModel } from '../../contract/cognito-idp.model.ts'
import { kindOf, regionProblem } from './served-rules.ts'

const operations = Object.entries(cognitoIdpModel.operations).map(([name, { caller }]) => ({ name, caller }))
const of = (...kinds: string[]): string[] =>
  operations.filter(({ name, caller }) => kinds.includes(kindOf(name, caller === 'signed'))).map(({ name }) => name)

const isRead = (name: string): boolean => /^(Admin)?(Get|List|Describe)/.test(name)

describe('an operation', () => {
  it('that reads is served in secondary regions', () => {
    const refused = operations.filter(({ name }) => isRead(name) && of('write').includes(name))
    expect(refused.map(({ name }) => name)).toEqual(['GetUserAttributeVerificationCode'])
  })

  it('that does not is refused there, but for these', () => {
    expect(
      of('read', 'use', 'everywhere')
        .filter((name) => !isRead(name))
        .sort(),
    ).toEqual([
      'AdminInitiateAuth',
      'AdminRespondToAuthChallenge',
      'AdminRevokeUserSession',
      'AdminUpdateAuthEventFeedback',
      'AdminUserGlobalSignOut',
      'ConfirmDevice',
      'GlobalSignOut',
      'InitiateAuth',
      'PromoteUserPoolReplica',
      'RespondToAuthChallenge',
      'RevokeToken',
      'RevokeUserSession',
      'TagResource',
      'UntagResource',
      'UpdateAuthEventFeedback',
      'UpdateProvisionedLimit',
      'UpdateUserPool',
      'UpdateUserPoolReplica',
    ])
  })

  it('that users call waits until a replica is active, and what administrators read does not', () => {
    for (const { name, caller } of operations)
      if (caller !== 'signed') expect([name, kindOf(name, false)]).not.toEqual([name, 'read'])
    expect(
      ['GetUser', 'InitiateAuth', 'GetTokensFromRefreshToken', 'GetClientToken'].map((name) => kindOf(name, false)),
    ).toEqual(['use', 'use', 'use', 'use'])
    expect([kindOf('AdminGetUser', true), kindOf('AdminInitiateAuth', true)]).toEqual(['read', 'use'])
  })

  it('that nobody has classed is a write', () => expect(kindOf('DoSomethingNew', true)).toBe('write'))
})

test.each([
  ['ACTIVE', 'everywhere', undefined],
  ['ACTIVE', 'read', undefined],
  ['ACTIVE', 'use', undefined],
  ['ACTIVE', 'write', /secondary replica: call its primary region, us-east-1\.$/],
  ['INACTIVE', 'everywhere', undefined],
  ['INACTIVE', 'read', undefined],
  ['INACTIVE', 'use', /not active/],
  ['INACTIVE', 'write', /secondary replica/],
] as const)('an %s replica and what is of the kind %s', (status, kind, problem) => {
  const answer = regionProblem({ region: 'us-east-1', replica: { region: 'eu-west-1', status, tags: {} } }, kind)
  if (problem) expect(answer).toMatch(problem)
  else expect(answer).toBeUndefined()
  expect(regionProblem({ region: 'us-east-1' }, kind)).toBeUndefined()
})
