import { accountOfAccessKeyId } from '../../crypto/random-ids.ts'
import { operation } from '../operation.ts'

/**
 * The account is decoded from the id; whether the key exists does not matter
 * (docs/reference/identity-pools-sts-iam-sync.md 15.3, 15.4).
 */
export const getAccessKeyInfo = operation('GetAccessKeyInfo', async (context, { input, fail }) => {
  const { AccessKeyId } = input
  // The administrator's key id is configured and may have any form, so no account can be decoded from it.
  const isRoot = AccessKeyId === context.administrator.accessKeyId
  const Account = isRoot ? context.config.accountId : accountOfAccessKeyId(AccessKeyId)
  if (Account === undefined) throw fail('ValidationError', `${AccessKeyId} is invalid`)
  return { Account }
})
