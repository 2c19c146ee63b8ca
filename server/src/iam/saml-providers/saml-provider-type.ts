import type { GetSAMLProviderResponse } from '../../contract/iam.types.ts'
import type { SamlProvider } from '../entity-types.ts'

const dateOf = (time: number | undefined): { ValidUntil?: Date } =>
  time === undefined ? {} : { ValidUntil: new Date(time) }

/**
 * A provider as GetSAMLProvider shows it; SAMLProviderUUID is the entity's id, padded to the length in the contract.
 */
export const samlProviderType = ({ id, settings, createdAt }: SamlProvider): GetSAMLProviderResponse => ({
  SAMLProviderUUID: id.padEnd(MIN_UUID, '0'),
  SAMLMetadataDocument: settings.metadata,
  CreateDate: new Date(createdAt),
  ...dateOf(settings.validUntil),
  Tags: settings.tags,
  AssertionEncryptionMode: settings.encryption ?? 'Allowed',
  PrivateKeyList: (settings.privateKeys ?? []).map(({ id: KeyId, addedAt }) => ({
    KeyId,
    Timestamp: new Date(addedAt),
  })),
})

const MIN_UUID = 22

/** A provider as lists show it. */
export const samlProviderEntry = (Arn: string, { settings, createdAt }: SamlProvider) => ({
  Arn,
  ...dateOf(settings.validUntil),
  CreateDate: new Date(createdAt),
})
