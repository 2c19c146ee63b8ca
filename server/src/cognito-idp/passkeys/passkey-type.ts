// Passkeys in the API's form, and in that of the browser's options. Pure. docs/reference/user-pools.md 11.3.
import type { WebAuthnCredentialDescription } from '../../contract/cognito-idp.types.ts'
import type { Passkey } from './passkey-store.ts'

export const passkeyType = (passkey: Passkey): WebAuthnCredentialDescription => ({
  CredentialId: passkey.id,
  FriendlyCredentialName: passkey.friendlyName,
  RelyingPartyId: passkey.rpId,
  AuthenticatorAttachment: passkey.attachment,
  AuthenticatorTransports: [...passkey.transports],
  CreatedAt: new Date(passkey.createdAt),
})

/** PublicKeyCredentialDescriptorJSON: an entry of `allowCredentials` and `excludeCredentials`. */
export const descriptorOf = ({ id, transports }: Pick<Passkey, 'id' | 'transports'>) => ({
  id,
  type: 'public-key',
  transports,
})
