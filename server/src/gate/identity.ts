// The identity of an allowed caller, in headers that the proxy copies to the server behind the gate. Pure.

import { principalUserId } from '../authorization/principal.ts'
import type { SignedCaller } from '../operation.ts'

/** Absent members are unknown, or do not apply to this kind of caller. */
export interface GateIdentity {
  /** The ARN of the principal whose policies were evaluated. */
  arn: string
  account: string
  /** The unique id of the principal, with the session's name for a role. */
  userId: string
  /** Of credentials of an identity pool. */
  identityId?: string
  identityPoolId?: string
  /** Of a user with a token. */
  sub?: string
  username?: string
  clientId?: string
  issuer?: string
  groups?: readonly string[]
  scopes?: readonly string[]
  /** Who acts for the user, by a token that was exchanged (RFC 8693 4.1): the sub of an app client or a user. */
  actor?: string
}

const first = (values: string[] | undefined): string | undefined => values?.[0]

export function signedIdentity({ arn, accountId, principal }: SignedCaller): GateIdentity {
  const keys = principal.session?.context ?? {}
  const identityId = first(keys['cognito-identity.amazonaws.com:sub'])
  const identityPoolId = first(keys['cognito-identity.amazonaws.com:aud'])
  return {
    arn,
    account: accountId,
    userId: principalUserId(accountId, principal),
    ...(identityId !== undefined && { identityId }),
    ...(identityPoolId !== undefined && { identityPoolId }),
  }
}

const headerNames: Readonly<Record<keyof GateIdentity, string>> = {
  arn: 'x-cognomen-arn',
  account: 'x-cognomen-account',
  userId: 'x-cognomen-user-id',
  identityId: 'x-cognomen-identity-id',
  identityPoolId: 'x-cognomen-identity-pool-id',
  sub: 'x-cognomen-sub',
  username: 'x-cognomen-username',
  clientId: 'x-cognomen-client-id',
  issuer: 'x-cognomen-issuer',
  groups: 'x-cognomen-groups',
  scopes: 'x-cognomen-scopes',
  actor: 'x-cognomen-actor',
}

/**
 * Every header, empty for unknown members: a proxy that copies them all overwrites headers of these names from the
 * client.
 */
export function identityHeaders(identity: GateIdentity | undefined): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headerNames).map(([member, name]) => {
      const value = identity?.[member as keyof GateIdentity] ?? ''
      return [name, typeof value === 'string' ? headerText(value) : value.map(headerText).join(',')]
    }),
  )
}

/** Percent-encodes as UTF-8 what a header or a list of values cannot contain: names may have any character. */
const headerText = (text: string): string => text.replace(/[^\x21-\x7e]|[%,]/gu, encodeURIComponent)
