import { enforce, invalid } from '../../refusal-rules.ts'
import { operation } from '../operation.ts'
import { changeDomain } from './change-domain.ts'
import {
  DOMAIN_TAKEN,
  domainTierRefusal,
  kindOf,
  newConfiguration,
  newDomainRefusal,
  routingRefusal,
  withDomain,
} from './domain-rules.ts'
import { reserveDomain } from './domain-store.ts'
import { domainAnswer } from './domain-type.ts'

/** CreateUserPoolDomain (docs/reference/oauth-and-federation.md 18). The domain serves at once. */
export const createUserPoolDomain = operation('CreateUserPoolDomain', async (context, { input, fail }) => {
  enforce(fail, newDomainRefusal(input, context.config))
  const configuration = newConfiguration(input, context.clock.now())
  await changeDomain(
    context,
    input,
    (before, pool) => {
      if (before[kindOf(input.Domain)] !== undefined)
        enforce(fail, invalid('User pool already has a domain configured.'))
      enforce(fail, domainTierRefusal(before, configuration))
      enforce(fail, routingRefusal(pool, kindOf(input.Domain), input.Routing))
      return withDomain(before, input.Domain, configuration)
    },
    async (db) => {
      if (!(await reserveDomain(db, input.Domain, input.UserPoolId))) enforce(fail, invalid(DOMAIN_TAKEN))
    },
  )
  return domainAnswer(configuration, context.publicUrl)
})
