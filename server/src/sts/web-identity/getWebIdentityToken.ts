import { operation } from '../operation.ts'

/** Always refused, as by an account that has not enabled the feature; it cannot be enabled here. */
export const getWebIdentityToken = operation('GetWebIdentityToken', async (_context, { fail }) => {
  throw fail(
    'OutboundWebIdentityFederationDisabledException',
    'GetWebIdentityToken needs outbound web identity federation, which is disabled: Cognomen does not have it.',
  )
})
