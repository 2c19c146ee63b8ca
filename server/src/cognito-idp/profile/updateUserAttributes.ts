import { operation } from '../operation.ts'
import { changeOwnAttributes } from './change-own-attributes.ts'

/** UpdateUserAttributes: users change their own attributes (docs/reference/user-pools.md 5.3, 7.8). */
export const updateUserAttributes = operation('UpdateUserAttributes', async (context, request) => {
  const { input, caller, pool, client, remoteAddress } = request
  const CodeDeliveryDetailsList = await changeOwnAttributes(context, { pool, client }, caller.user, {
    list: input.UserAttributes,
    clientMetadata: input.ClientMetadata,
    remoteAddress,
  })
  return CodeDeliveryDetailsList.length === 0 ? {} : { CodeDeliveryDetailsList }
})
