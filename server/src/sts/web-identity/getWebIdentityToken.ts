import { operation } from '../operation.ts'

/** Accounts have the feature turned off until somebody turns it on; here that cannot be done. */
export const getWebIdentityToken = operation('GetWebIdentityToken', async (_context, { fail }) => {
  throw fail(
    'OutboundWebIdentityFederationDisabledException',
    'GetWebIdentityToken needs outbound web identity federation, which is disabled: Cognomen does not have it.',
  )
})
