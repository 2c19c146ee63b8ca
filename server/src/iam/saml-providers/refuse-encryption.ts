import { ApiError } from '../../errors.ts'

/**
 * Throws InvalidInput for settings of encrypted assertions, which this server does not decrypt: a provider that demands
 * them could never be used (docs/behaviour/iam.md). `Allowed` is accepted.
 */
export function refuseEncryption(input: {
  AssertionEncryptionMode?: string
  AddPrivateKey?: string
  RemovePrivateKey?: string
}): void {
  const refusedSetting = [
    input.AssertionEncryptionMode === 'Required' && 'AssertionEncryptionMode Required',
    input.AddPrivateKey !== undefined && 'AddPrivateKey',
    input.RemovePrivateKey !== undefined && 'RemovePrivateKey',
  ].find((name) => name !== false)
  if (refusedSetting !== undefined)
    throw new ApiError(
      'InvalidInputException',
      `Encrypted SAML assertions are not supported: leave out ${refusedSetting}.`,
    )
}
