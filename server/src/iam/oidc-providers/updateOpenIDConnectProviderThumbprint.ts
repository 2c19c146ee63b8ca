import { changeEntity } from '../entity-changes.ts'
import { operation } from '../operation.ts'
import { providerByArn } from '../provider-reference.ts'
import { checkThumbprints } from './check-thumbprints.ts'
import { distinct } from './oidc-provider-rules.ts'

/** Replaces the list. Thumbprints are kept and shown; connections are verified by the authorities Node.js trusts. */
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
