import { changeEntity } from '../entity-changes.ts'
import { operation } from '../operation.ts'
import { providerByArn } from '../provider-reference.ts'
import { checkThumbprints } from './check-thumbprints.ts'
import { distinct } from './oidc-provider-rules.ts'

/** Replaces the list. Thumbprints are stored and returned, but not used (entity-types.ts). */
export const updateOpenIDConnectProviderThumbprint = operation(
  'UpdateOpenIDConnectProviderThumbprint',
  async (context, { input: { OpenIDConnectProviderArn, ThumbprintList } }) => {
    checkThumbprints(ThumbprintList)
    const reference = providerByArn(context, 'oidc-provider', OpenIDConnectProviderArn)
    await changeEntity(context, reference, ({ settings }) => ({
      ...settings,
      thumbprints: distinct(ThumbprintList),
    }))
  },
)
