// What changing and deleting an access key share: finding the user and evicting the key from the cache.
import type { Context } from '../../context.ts'
import { Stale, withRetries } from '../../database/compare-and-set.ts'
import type { Db } from '../../database/database.ts'
import { ApiError } from '../../errors.ts'
import type { SignedCaller } from '../../operation.ts'
import { requireEntity } from '../entity-changes.ts'
import { touchEntity } from '../entity-store.ts'
import { userOrCaller } from '../users/user-reference.ts'
import type { StoredKey } from './access-key-store.ts'

export const noSuchKeyError = (accessKeyId: string): ApiError =>
  new ApiError('NoSuchEntityException', `The Access Key with id ${accessKeyId} cannot be found.`)

/**
 * Runs `change` on a user's key. Throws NoSuchEntity for an unknown user, or when `change` returns false: an unknown
 * key.
 */
export async function changeAccessKey(
  context: Context,
  caller: SignedCaller,
  { UserName, AccessKeyId }: { UserName?: string; AccessKeyId: string },
  change: (db: Db, key: Pick<StoredKey, 'accessKeyId' | 'userKey'>) => Promise<boolean>,
): Promise<void> {
  const reference = userOrCaller(caller, UserName)
  await withRetries(() =>
    context.database.transaction(async (db) => {
      const user = await requireEntity(db, reference)
      // Conflicts with a concurrent request that renames the user, which moves the keys.
      if (!(await touchEntity(db, user))) throw new Stale()
      if (!(await change(db, { accessKeyId: AccessKeyId, userKey: user.key }))) throw noSuchKeyError(AccessKeyId)
    }),
  )
  context.iam.forget(AccessKeyId)
}
