import { operation } from '../operation.ts'
import { samlSigningKey } from './saml-signing-key.ts'

/**
 * GetSigningCertificate: the certificate of the key that signs SAML requests of the pool, DER in base64
 * (docs/reference/oauth-and-federation.md 22.1).
 */
export const getSigningCertificate = operation('GetSigningCertificate', async (context, { pool }) => ({
  Certificate: (await samlSigningKey(context, pool.id)).certificate,
}))
