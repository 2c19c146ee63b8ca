import { accountOfAccessKeyId } from '../../crypto/random-ids.ts'
import { operation } from '../operation.ts'

/**
 * The account is read from the id, whether there is such a key or not
 * (docs/reference/identity-pools-sts-iam-sync.md 15.3, 15.4).
 */
export const getAccessKeyInfo = operation('GetAccessKeyInfo', async (context, { input, fail }) => {
  const { AccessKeyId } = input
  // The administrator's key may have any form: it is configured.
  const isRoot = AccessKeyId === context.administrator.accessKeyId
  const Account = isRoot ? context.config.accountId : accountOfAccessKeyId(AccessKeyId)
  if (Account === undefined) throw fail('ValidationError', `${AccessKeyId} is invalid`)
  return { Account }
})
