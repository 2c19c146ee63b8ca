import { enforce, firstRefusal } from '../../refusal-rules.ts'
import { limits } from '../limits.ts'
import { operation } from '../operation.ts'
import { readPool } from '../user-pools/read-pool.ts'
import { prepareDetails } from './prepare-details.ts'
import { acrRefusal, identifiersRefusal, mappingRefusal, nameRefusal, wholeMapping } from './provider-rules.ts'
import { type IdentityProvider, insertProvider, listProviders, providerRow } from './provider-store.ts'
import { identityProviderType } from './provider-type.ts'
import { writeIdentifiers } from './write-identifiers.ts'

/** CreateIdentityProvider (docs/reference/oauth-and-federation.md 19.1). */
export const createIdentityProvider = operation('CreateIdentityProvider', async (context, { input, pool, fail }) => {
  const { ProviderName: name, ProviderType: type, AttributeMapping = {}, IdpIdentifiers = [], AcrMapping } = input
  const { settings } = await readPool(context, pool.id)
  enforce(
    fail,
    firstRefusal([
      () => nameRefusal(name, type),
      () => mappingRefusal(settings, AttributeMapping),
      () => identifiersRefusal(IdpIdentifiers),
      () => acrRefusal(type, AcrMapping),
    ]),
  )
  const duplicateError = () => fail('DuplicateProviderException', `${name} already exists in user pool ${pool.id}`)
  const present = await listProviders(context.db, pool.id)
  if (present.some((other) => other.name === name)) throw duplicateError()
  const { max } = limits.identityProvidersPerPool
  if (present.length >= max)
    throw fail('LimitExceededException', `A user pool can not have more than ${max} identity providers.`)
  const named = { name, userPoolId: pool.id, type }
  const prepared = await prepareDetails(context, fail, named, input.ProviderDetails)
  const now = context.clock.now()
  const provider: IdentityProvider = {
    ...named,
    ...prepared,
    mapping: wholeMapping(type, AttributeMapping),
    identifiers: IdpIdentifiers,
    acrMapping: AcrMapping,
    createdAt: now,
    updatedAt: now,
    version: 1,
  }
  const row = providerRow(context.sealer, provider)
  await context.database.transaction(async (db) => {
    if (!(await insertProvider(db, row))) throw duplicateError()
    await writeIdentifiers(db, provider)
  })
  context.userPools.forgetProvider(pool.id, name)
  return { IdentityProvider: identityProviderType(provider) }
})
