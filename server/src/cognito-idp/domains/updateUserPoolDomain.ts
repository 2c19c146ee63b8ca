import { enforce } from '../../refusal-rules.ts'
import { operation } from '../operation.ts'
import type { DomainConfiguration } from '../user-pools/pool-settings.ts'
import { changeDomain } from './change-domain.ts'
import {
  configurationOf,
  domainTierRefusal,
  kindOf,
  NO_SUCH_DOMAIN,
  routingRefusal,
  updatedConfiguration,
  updateRefusal,
  withDomain,
} from './domain-rules.ts'
import { domainAnswer } from './domain-type.ts'

/** UpdateUserPoolDomain: members that are left out stay (docs/reference/oauth-and-federation.md 18). */
export const updateUserPoolDomain = operation('UpdateUserPoolDomain', async (context, { input, fail }) => {
  const { Domain } = input
  const settings = await changeDomain(context, input, (before, pool) => {
    const present = configurationOf(before, Domain)
    if (!present) throw fail('InvalidParameterException', NO_SUCH_DOMAIN)
    enforce(fail, updateRefusal(kindOf(Domain), input))
    enforce(fail, routingRefusal(pool, kindOf(Domain), input.Routing))
    const configuration = updatedConfiguration(present, input)
    enforce(fail, domainTierRefusal(before, configuration))
    return withDomain(before, Domain, configuration)
  })
  return domainAnswer(configurationOf(settings, Domain) as DomainConfiguration, context.publicUrl)
})
