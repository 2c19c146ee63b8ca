import { describe, expect, test } from 'vitest'
import type { Principal } from './principal.ts'
import { sessionRestriction } from './session-restrictions.ts'
import type { Session } from './session-token.ts'

const session = {} as Session
const denied = (operation: string) => ({
  code: 'AccessDeniedException',
  message: `Cannot call ${operation} with session credentials`,
})
const unknown = {
  code: 'UnrecognizedClientException',
  message: 'The security token included in the request is invalid.',
}

describe('sessionRestriction', () => {
  const of = (kind: Principal['kind'], action: string, withSession = true) =>
    sessionRestriction({ kind, session: withSession ? session : undefined } as Principal, action)

  test.each(['root', 'user'] as const)('a long-term key of %s is not restricted', (kind) => {
    for (const action of ['iam:CreateUser', 'sts:GetSessionToken', 'sts:GetFederationToken', 'cognito-idp:X'])
      expect(of(kind, action, false)).toBeUndefined()
  })

  test.each(['root', 'user-session', 'federated-user'] as const)('a session of %s may not call IAM', (kind) => {
    expect(of(kind, 'iam:GetUser')).toEqual(unknown)
    expect(of(kind, 'iam:PassRole')).toBeUndefined()
    expect(of(kind, 'cognito-idp:ListUserPools')).toBeUndefined()
    expect(of(kind, 'cognito-identity:ListIdentityPools')).toBeUndefined()
  })

  test.each(['root', 'user-session'] as const)('a session of %s may call only two operations of STS', (kind) => {
    for (const action of ['GetCallerIdentity', 'AssumeRole', 'TagSession', 'SetSourceIdentity'])
      expect(of(kind, `sts:${action}`)).toBeUndefined()
    for (const action of ['GetSessionToken', 'GetFederationToken', 'GetAccessKeyInfo', 'DecodeAuthorizationMessage'])
      expect(of(kind, `sts:${action}`)).toEqual(denied(action))
  })

  test('a federated user may call GetCallerIdentity and nothing else of STS', () => {
    expect(of('federated-user', 'sts:GetCallerIdentity')).toBeUndefined()
    for (const action of ['AssumeRole', 'GetSessionToken', 'GetFederationToken', 'GetAccessKeyInfo'])
      expect(of('federated-user', `sts:${action}`)).toEqual(denied(action))
  })

  test('a role session may not call GetSessionToken or GetFederationToken', () => {
    for (const action of ['iam:CreateUser', 'sts:AssumeRole', 'sts:GetAccessKeyInfo', 'sts:GetCallerIdentity'])
      expect(of('role-session', action)).toBeUndefined()
    for (const action of ['GetSessionToken', 'GetFederationToken'])
      expect(of('role-session', `sts:${action}`)).toEqual(denied(action))
  })
})
