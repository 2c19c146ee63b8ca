import { withRetries } from '../../database/compare-and-set.ts'
import { pageOf, pageSize, positionOf } from '../../pagination.ts'
import { findOwnerId, findOwners } from '../identities/identity-store.ts'
import { requireIdentityOf } from '../identities/require-identity.ts'
import { operation } from '../operation.ts'
import { developerLogin, noSuchUserError } from './developer-login.ts'

/**
 * By identifier, by identity, or by both, which then must belong together
 * (docs/reference/identity-pools-sts-iam-sync.md 9).
 */
export const lookupDeveloperIdentity = operation('LookupDeveloperIdentity', async (context, { input, pool, fail }) => {
  const { IdentityId: id, DeveloperUserIdentifier: identifier } = input
  const { DeveloperProviderName: provider } = pool.settings
  if (id === undefined && identifier === undefined)
    throw fail('InvalidParameterException', 'Either IdentityId or DeveloperUserIdentifier is required.')
  const login = identifier === undefined ? undefined : developerLogin(pool, provider, identifier)
  if (id !== undefined && login) {
    const identity = await requireIdentityOf(context, pool.id, id)
    const owner = await findOwnerId(context.db, pool.id, login)
    if (owner === undefined) throw noSuchUserError(login.subject)
    if (owner !== identity.id)
      throw fail('ResourceConflictException', 'The developer user identifier is linked to another identity.')
    return { IdentityId: id, DeveloperUserIdentifierList: [login.subject] }
  }
  const identity =
    id === undefined
      ? (await withRetries(() => findOwners(context.db, pool.id, login ? [login] : [])))[0]
      : await requireIdentityOf(context, pool.id, id)
  if (!identity) throw noSuchUserError(identifier ?? '')
  const scope = { operation: 'LookupDeveloperIdentity', request: [pool.id, identity.id] }
  const [after = ''] = positionOf(context, scope, input.NextToken) ?? []
  // Paged in memory: the number of logins of an identity is bounded (link-rules.ts).
  const identifiers = identity.logins
    .filter((linked) => linked.provider === provider && linked.subject > after)
    .map(({ subject }) => subject)
    .sort()
  const page = pageOf(context, scope, identifiers, pageSize(input.MaxResults), (subject) => [subject])
  return { IdentityId: identity.id, DeveloperUserIdentifierList: page.entries, NextToken: page.token }
})
