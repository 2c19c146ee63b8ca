import type { Context } from '../../context.ts'
import { Stale, withRetries } from '../../database/compare-and-set.ts'
import type { Fail } from '../../operation.ts'
import { enforce, firstRefusal } from '../../refusal-rules.ts'
import { limits } from '../limits.ts'
import { operation } from '../operation.ts'
import { listClients } from '../user-pool-clients/client-store.ts'
import { initiationRefusal } from '../user-pool-clients/oauth-client-rules.ts'
import { readPool } from '../user-pools/read-pool.ts'
import { prepareDetails } from './prepare-details.ts'
import { acrRefusal, identifiersRefusal, mappingRefusal, wholeMapping } from './provider-rules.ts'
import { type IdentityProvider, providerRow, replaceProvider } from './provider-store.ts'
import { identityProviderType } from './provider-type.ts'
import { requireProvider } from './require-provider.ts'
import { writeIdentifiers } from './write-identifiers.ts'

/**
 * UpdateIdentityProvider: a member that is there replaces the stored one as a whole, one that is left out stays
 * (docs/reference/user-pools.md 17.1).
 */
export const updateIdentityProvider = operation('UpdateIdentityProvider', async (context, { input, pool, fail }) => {
  const { ProviderName: name, ProviderDetails, AttributeMapping, IdpIdentifiers, AcrMapping } = input
  const { settings } = await readPool(context, pool.id)
  const provider = await withRetries(async () => {
    const before = await requireProvider(context, pool.id, name)
    enforce(
      fail,
      firstRefusal([
        () => mappingRefusal(settings, AttributeMapping ?? {}),
        () => identifiersRefusal(IdpIdentifiers ?? []),
        () => acrRefusal(before.type, AcrMapping),
      ]),
    )
    const prepared = ProviderDetails && (await prepareDetails(context, fail, before, ProviderDetails, before))
    const after: IdentityProvider = {
      ...before,
      ...prepared,
      ...(AttributeMapping && { mapping: wholeMapping(before.type, AttributeMapping) }),
      ...(IdpIdentifiers && { identifiers: IdpIdentifiers }),
      ...(AcrMapping && { acrMapping: AcrMapping }),
      updatedAt: context.clock.now(),
      version: before.version + 1,
    }
    if (isOn(after.details['IDPInit']) && !isOn(before.details['IDPInit'])) await requireSamlAlone(context, fail, after)
    const row = providerRow(context.sealer, after)
    await context.database.transaction(async (db) => {
      if (!(await replaceProvider(db, before, row))) throw new Stale()
      await writeIdentifiers(db, after, before.identifiers)
    })
    return after
  })
  context.userPools.forgetProvider(pool.id, name)
  return { IdentityProvider: identityProviderType(provider) }
})

const isOn = (flag: string | undefined): boolean => flag?.toLowerCase() === 'true'

/** Throws where a client has the provider beside COGNITO or providers of other types (docs/reference/oauth-and-federation.md 22.4). */
async function requireSamlAlone(
  context: Context,
  fail: Fail<'InvalidParameterException'>,
  { userPoolId, name }: IdentityProvider,
): Promise<void> {
  const clients = await listClients(context.db, context.sealer, userPoolId, '', limits.clientsPerPool.max)
  const providers = await context.userPools.identityProviders(userPoolId)
  const settings = clients.map((client) => client.settings)
  enforce(fail, initiationRefusal(name, settings, providers))
}
