import { operation } from '../operation.ts'
import { removeLogins } from './change-identity.ts'
import { noSuchIdentityText, requireLinked } from './link-refusals.ts'
import { holdsLogin } from './login-rules.ts'
import { loginTexts } from './login-texts.ts'
import { keptProviderName } from './provider-rules.ts'
import { requireIdentity } from './require-identity.ts'
import { givenLogins, verifyLogins } from './verify-logins.ts'

/**
 * Unlinks logins from an identity; the caller shows one of its logins
 * (docs/reference/identity-pools-sts-iam-sync.md 3). Providers that are not linked are ignored. An identity left
 * without logins has no owner.
 */
export const unlinkIdentity = operation('UnlinkIdentity', async (context, { input, fail }) => {
  const { identity, pool } = await requireIdentity(context, input.IdentityId)
  if (input.LoginsToRemove.some((name) => name === pool.settings.DeveloperProviderName))
    throw fail('InvalidParameterException', loginTexts.developerProvider)
  const logins = await verifyLogins(context, pool, givenLogins(input.Logins))
  const providers = new Set(input.LoginsToRemove.map((name) => keptProviderName(name, context.publicUrl)))
  const found = await removeLogins(context, identity.id, (current) => {
    const holdsOne = logins.some((login) => holdsLogin(current, login))
    if (!holdsOne)
      requireLinked(fail, { refused: logins.length === 0 ? 'forbidden' : 'logins-do-not-match' }, identity.id)
    return current.logins.filter(({ provider }) => providers.has(provider))
  })
  if (!found) throw fail('ResourceNotFoundException', noSuchIdentityText(identity.id))
})
