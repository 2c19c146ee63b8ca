import { entityArn } from '../arn-rules.ts'
import { changeEntity } from '../entity-changes.ts'
import { operation } from '../operation.ts'
import { providerByArn } from '../provider-reference.ts'
import { checkMetadata } from './check-metadata.ts'
import { refuseEncryption } from './refuse-encryption.ts'

/** Replaces the metadata; without any in the request nothing changes. */
export const updateSAMLProvider = operation('UpdateSAMLProvider', async (context, { input }) => {
  refuseEncryption(input)
  const reference = providerByArn(context, 'saml-provider', input.SAMLProviderArn)
  const { SAMLMetadataDocument: metadata } = input
  const validUntil = metadata === undefined ? undefined : await checkMetadata(metadata, context.clock.now())
  const provider = await changeEntity(context, reference, ({ settings }) =>
    metadata === undefined || validUntil === undefined ? settings : { ...settings, metadata, validUntil },
  )
  return { SAMLProviderArn: entityArn(context.config.accountId, provider) }
})
