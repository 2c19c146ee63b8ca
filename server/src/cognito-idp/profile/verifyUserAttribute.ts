import { operation } from '../operation.ts'
import { verifyOwnAttribute } from './verify-own-attribute.ts'

/** VerifyUserAttribute: verifies an address or number with a code (docs/reference/user-pools.md 5.3). */
export const verifyUserAttribute = operation('VerifyUserAttribute', async (context, request) => {
  const { input, caller, pool, remoteAddress } = request
  const typed = { attribute: input.AttributeName, code: input.Code, remoteAddress }
  await verifyOwnAttribute(context, pool, caller.user, typed)
  return {}
})
