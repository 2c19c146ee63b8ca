import { accountAccessKeyId, secretAccessKey } from '../../crypto/random-ids.ts'
import { Stale, withRetries } from '../../database/compare-and-set.ts'
import { requireEntity } from '../entity-changes.ts'
import { insertAccessKey, sealSecret, touchEntity } from '../entity-store.ts'
import { quotaExceededError } from '../iam-errors.ts'
import { limits } from '../limits.ts'
import { operation } from '../operation.ts'
import { userOrCaller } from '../users/user-reference.ts'
import { listAccessKeys } from './access-key-store.ts'

/** Only this answer contains the secret; it is stored sealed. */
export const createAccessKey = operation('CreateAccessKey', async (context, { input, caller }) => {
  const reference = userOrCaller(caller, input.UserName)
  const { sealer, clock, config } = context
  const bytes = (count: number) => context.random.bytes(count)
  const accessKeyId = accountAccessKeyId(bytes, config.accountId, 'AKIA')
  const secret = secretAccessKey(bytes)
  const sealed = sealSecret(sealer, accessKeyId, secret)
  const { user, key } = await withRetries(() =>
    context.database.transaction(async (db) => {
      const user = await requireEntity(db, reference)
      // Locks the user's row: concurrent creations must not exceed the quota, nor outlive a deletion of the user.
      if (!(await touchEntity(db, user))) throw new Stale()
      if ((await listAccessKeys(db, user.key)).length >= limits.accessKeysPerUser.max)
        throw quotaExceededError(limits.accessKeysPerUser)
      const key = { accessKeyId, userKey: user.key, status: 'Active' as const, createdAt: clock.now() }
      await insertAccessKey(db, key, sealed)
      return { user, key }
    }),
  )
  return {
    AccessKey: {
      UserName: user.settings.name,
      AccessKeyId: key.accessKeyId,
      Status: key.status,
      SecretAccessKey: secret,
      CreateDate: new Date(key.createdAt),
    },
  }
})
