import { entityArn } from '../arn-rules.ts'
import { changeEntity } from '../entity-changes.ts'
import { operation } from '../operation.ts'
import { providerByArn } from '../provider-reference.ts'
import { checkMetadata } from './check-metadata.ts'
import { changedEncryption, newPrivateKey } from './encryption.ts'

/** Changes what the request has: the metadata, whether assertions must be encrypted, the private keys for that. */
export const updateSAMLProvider = operation('UpdateSAMLProvider', async (context, { input }) => {
  const reference = providerByArn(context, 'saml-provider', input.SAMLProviderArn)
  const { SAMLMetadataDocument: metadata, AssertionEncryptionMode: mode, AddPrivateKey, RemovePrivateKey } = input
  const validUntil = metadata === undefined ? undefined : await checkMetadata(metadata, context.clock.now())
  const added = AddPrivateKey === undefined ? undefined : newPrivateKey(context, AddPrivateKey)
  const provider = await changeEntity(context, reference, ({ settings }) => ({
    ...settings,
    ...(metadata !== undefined && validUntil !== undefined && { metadata, validUntil }),
    ...changedEncryption(settings, { mode, added, removed: RemovePrivateKey }),
  }))
  return { SAMLProviderArn: entityArn(context.config.accountId, provider) }
})
