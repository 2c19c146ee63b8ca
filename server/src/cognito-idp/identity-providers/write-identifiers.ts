import type { Db } from '../../database/database.ts'
import { ApiError } from '../../errors.ts'
import { type IdentityProvider, releaseIdentifier, takeIdentifier } from './provider-store.ts'

/**
 * Gives a provider its identifiers in place of those that it had. Within a transaction. Throws InvalidParameterException when
 * another provider of the pool has one.
 */
export async function writeIdentifiers(
  db: Db,
  { userPoolId, name, identifiers: after }: IdentityProvider,
  before: readonly string[] = [],
): Promise<void> {
  // In one order, so that two transactions do not wait for each other.
  for (const identifier of before.filter((old) => !after.includes(old)).sort())
    await releaseIdentifier(db, userPoolId, identifier, name)
  for (const identifier of after.filter((added) => !before.includes(added)).sort())
    if (!(await takeIdentifier(db, userPoolId, identifier, name)))
      throw new ApiError(
        'InvalidParameterException',
        `The identifier ${identifier} belongs to another identity provider of user pool ${userPoolId}.`,
      )
}
