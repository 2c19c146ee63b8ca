import { ApiError } from '../../errors.ts'
import { findEntity } from '../entity-store.ts'
import { operation } from '../operation.ts'
import { findAccessKeyOwner } from './access-key-store.ts'

/** What the API returns for a key that was never used. */
const NEVER = { ServiceName: 'N/A', Region: 'N/A' }

/** An unknown key is answered with AccessDenied, as seen at the service. */
export const getAccessKeyLastUsed = operation('GetAccessKeyLastUsed', async (context, { input, caller }) => {
  const { AccessKeyId } = input
  const isRootKey = AccessKeyId === context.administrator.accessKeyId
  const owner = isRootKey ? undefined : await findAccessKeyOwner(context.db, AccessKeyId)
  const user = owner && (await findEntity(context.db, 'user', owner.userKey))
  if (!isRootKey && !user)
    throw new ApiError(
      'AccessDenied',
      `User: ${caller.arn} is not authorized to perform iam:GetAccessKeyLastUsed on resource: access key ${AccessKeyId}`,
    )
  const use = await context.lastUsed.find(AccessKeyId)
  return {
    ...(user && { UserName: user.settings.name }),
    AccessKeyLastUsed: use
      ? { LastUsedDate: new Date(use.usedAt), ServiceName: use.service, Region: use.region }
      : NEVER,
  }
})
