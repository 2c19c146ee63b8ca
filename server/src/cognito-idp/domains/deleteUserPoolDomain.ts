import { operation } from '../operation.ts'
import { changeDomain } from './change-domain.ts'
import { configurationOf, NO_SUCH_DOMAIN, withoutDomain } from './domain-rules.ts'
import { releaseDomain } from './domain-store.ts'

/** DeleteUserPoolDomain: its name is free for every pool at once (docs/reference/oauth-and-federation.md 18). */
export const deleteUserPoolDomain = operation('DeleteUserPoolDomain', async (context, { input, fail }) => {
  const noSuchDomain = () => fail('InvalidParameterException', NO_SUCH_DOMAIN)
  await changeDomain(
    context,
    input,
    (before) => {
      if (!configurationOf(before, input.Domain)) throw noSuchDomain()
      return withoutDomain(before, input.Domain)
    },
    async (db) => {
      if (!(await releaseDomain(db, input.Domain, input.UserPoolId))) throw noSuchDomain()
    },
  )
  return {}
})
