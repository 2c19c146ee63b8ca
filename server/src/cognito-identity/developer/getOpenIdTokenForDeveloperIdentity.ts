// A developer's backend names its user and gets a token, which it hands to the user's device
// (docs/reference/identity-pools-sts-iam-sync.md 9).

import { issuePoolToken } from '../../federation/identity-pool-token.ts'
import { areValidTags, sessionTags, tagProblems } from '../../sts/sessions/session-tag-rules.ts'
import { authenticatedBy, developerAmr } from '../identities/amr-rules.ts'
import { requireLinked } from '../identities/link-refusals.ts'
import { givenLogins, verifyLogins } from '../identities/verify-logins.ts'
import { operation } from '../operation.ts'
import { developerLogin } from './developer-login.ts'
import { linkDeveloperLogins } from './link-developer.ts'

/** Seconds. */
const DEFAULT_LIFE = 900

export const getOpenIdTokenForDeveloperIdentity = operation(
  'GetOpenIdTokenForDeveloperIdentity',
  async (context, { input, pool, fail }) => {
    const { DeveloperProviderName: provider } = pool.settings
    const given = givenLogins(input.Logins)
    const [developerEntry] = given.filter(([name]) => name === provider)
    const developer = developerLogin(pool, developerEntry?.[0], developerEntry?.[1] ?? '')
    const tags = { tags: Object.entries(input.PrincipalTags ?? {}), transitiveTagKeys: [] }
    if (!areValidTags(tags)) throw fail('InvalidParameterException', 'The principal tags are not valid session tags.')
    const problem = sessionTags(tags)
    if ('refused' in problem) throw fail('InvalidParameterException', tagProblems[problem.refused])
    const logins = await verifyLogins(
      context,
      pool,
      given.filter(([name]) => name !== provider),
      { external: 'NotAuthorizedException' },
    )
    const outcome = await linkDeveloperLogins(context, pool, developer, logins, input.IdentityId)
    if (outcome.refused === 'registered')
      throw fail(
        'DeveloperUserAlreadyRegisteredException',
        'This developer user identifier is already registered with Cognito.',
      )
    const { id } = requireLinked(fail, outcome, input.IdentityId)
    const Token = await issuePoolToken(context, {
      identityId: id,
      poolId: pool.id,
      amr: authenticatedBy([{ amr: developerAmr(developer.provider, pool.id, developer.subject) }, ...logins]),
      tags: input.PrincipalTags,
      seconds: input.TokenDuration ?? DEFAULT_LIFE,
    })
    return { IdentityId: id, Token }
  },
)
