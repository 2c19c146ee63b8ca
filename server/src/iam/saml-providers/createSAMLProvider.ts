import { entityArn } from '../arn-rules.ts'
import { createEntity } from '../entity-changes.ts'
import { operation } from '../operation.ts'
import { newTags } from '../tags.ts'
import { checkMetadata } from './check-metadata.ts'
import { newPrivateKey, requireKeyWhereNeeded } from './encryption.ts'

/** docs/reference/identity-pools-sts-iam-sync.md 18.3. Names are unique without case. */
export const createSAMLProvider = operation('CreateSAMLProvider', async (context, { input, fail }) => {
  const { Name: name, SAMLMetadataDocument: metadata, AddPrivateKey, AssertionEncryptionMode, Tags } = input
  const tags = newTags(Tags)
  const validUntil = await checkMetadata(metadata, context.clock.now())
  const encryption = requireKeyWhereNeeded({
    ...(AssertionEncryptionMode === 'Required' && { encryption: AssertionEncryptionMode }),
    ...(AddPrivateKey !== undefined && { privateKeys: [newPrivateKey(context, AddPrivateKey)] }),
  })
  const provider = await createEntity(context, {
    kind: 'saml-provider',
    name,
    settings: { name, metadata, validUntil, tags, ...encryption },
    takenError: () => fail('EntityAlreadyExistsException', `Provider with name ${name} already exists.`),
  })
  return { SAMLProviderArn: entityArn(context.config.accountId, provider), ...(Tags && { Tags }) }
})
