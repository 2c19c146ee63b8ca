import { operation } from '../operation.ts'
import { sendAttributeCode } from './send-attribute-code.ts'

/** GetUserAttributeVerificationCode: sends a code that verifies an address or number (docs/reference/user-pools.md 5.3, 8). */
export const getUserAttributeVerificationCode = operation(
  'GetUserAttributeVerificationCode',
  async (context, { input, caller, pool, client, remoteAddress }) => ({
    CodeDeliveryDetails: await sendAttributeCode(context, { pool, client }, caller.user, {
      attribute: input.AttributeName,
      clientMetadata: input.ClientMetadata,
      remoteAddress,
    }),
  }),
)
