// Pages of the pool itself that users sign in for, as for an application: those of their account. They are known as redirect
// URIs, which nobody registers, and get no code. docs/behaviour/account-page.md.
import { hasAccountPage } from '../cognito-idp/tags/cognomen-tag-rules.ts'
import type { UserPoolClient, UserPoolClientSettings } from '../cognito-idp/user-pool-clients/client-store.ts'
import type { UserPool } from '../cognito-idp/user-pools/pool-store.ts'
import type { PoolDoor } from './pool-door.ts'

export const ACCOUNT_PAGE = '/account'

const OWN_PAGES: readonly string[] = [
  '',
  '/profile',
  '/verify',
  '/password',
  '/factors',
  '/passkeys',
  '/devices',
  '/sessions',
  '/applications',
].map((page) => ACCOUNT_PAGE + page)

/** Whether users of this app client may look after their accounts here. What registered itself speaks for no pool. */
export const servesAccount = ({ settings: pool }: UserPool, { settings: client }: UserPoolClient): boolean =>
  hasAccountPage(pool) && client.ClientType !== 'DCR' && responseTypeOf(client) !== undefined

/** What the authorization request of such a page asks for, though nothing is given out: what the client may ask for. */
export const responseTypeOf = ({
  AllowedOAuthFlowsUserPoolClient: isOn,
  AllowedOAuthFlows: flows = [],
}: UserPoolClientSettings): 'code' | 'token' | undefined =>
  !isOn ? undefined : flows.includes('code') ? 'code' : flows.includes('implicit') ? 'token' : undefined

/** The page at this address, below the pool, for users of the client. */
export const ownPageAt = ({ pool, base }: PoolDoor, client: UserPoolClient, uri: string): string | undefined =>
  servesAccount(pool, client) ? OWN_PAGES.find((page) => uri === `${base}${page}`) : undefined
