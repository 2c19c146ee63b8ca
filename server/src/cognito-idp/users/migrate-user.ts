// Asks the UserMigration trigger of a pool for the user of a name that nobody has, and makes that user
// (docs/reference/user-pools.md 13.3, 13.5). When it is asked is decided by sign-in and ForgotPassword.
import { BudgetSpent } from '../../budgets/budgets.ts'
import { forgiveTry } from '../../budgets/tries.ts'
import type { Context } from '../../context.ts'
import { sub as newSub } from '../../crypto/random-ids.ts'
import { ApiError } from '../../errors.ts'
import { userMigrated } from '../../events.ts'
import { canDeliver } from '../../messages/can-deliver.ts'
import { callTrigger, functionFailed, functionOf } from '../../triggers/call.ts'
import { type MigratedUser, userMigration } from '../../triggers/events/user-migration.ts'
import { makesUsers } from '../replicas/served-rules.ts'
import { secondFactors } from '../sign-in/factor-rules.ts'
import { hidesExistence } from '../sign-in/user-state-rules.ts'
import type { UserPoolClient } from '../user-pool-clients/client-store.ts'
import type { UserPool } from '../user-pools/pool-store.ts'
import { askPreSignUp } from './ask-pre-sign-up.ts'
import { attributeProblem, mergeAttributes } from './attribute-rules.ts'
import { addUser } from './change-user.ts'
import { newCredential } from './credentials.ts'
import { prepareInvitation } from './invite.ts'
import { countMigrationTry, MIGRATION_WHAT } from './migration-tries.ts'
import { newUser } from './new-user.ts'
import { nameNewUser } from './new-user-rules.ts'
import { takeAliases } from './take-aliases.ts'
import { findUser, NameTaken, type StoredUser } from './user-store.ts'

export interface Migration {
  pool: UserPool
  client: UserPoolClient
  /** The name that was given, which nobody has. */
  name: string
  /** Undefined when a password was forgotten. */
  password?: string
  /** ClientMetadata of the request. */
  clientMetadata: Record<string, string> | undefined
  /** The client's address, whose network has a budget of these questions. */
  address: string | undefined
}

/** Whether a pool has users of another directory come over, where the request is served. */
export const migratesUsers = (pool: UserPool): boolean =>
  functionOf(pool, 'UserMigration') !== undefined && makesUsers(pool)

/**
 * The new user; undefined when the function knows nobody of the name, or refuses at a client that hides who exists. Throws
 * as callTrigger does, and BudgetSpent when too many questions brought nobody over; at a client that hides who exists nobody
 * is found then, as names of users are never asked for. With a password it makes a credential, which is costly.
 */
export async function migrateUser(context: Context, migration: Migration): Promise<StoredUser | undefined> {
  const { pool, name } = migration
  const answer = await askWithinBudgets(context, migration)
  if (answer?.userAttributes === undefined) return undefined
  const user = await userOf(context, migration, answer)
  const welcome = await prepareWelcome(context, pool, user, answer)
  try {
    await addUser(context, pool, {
      user,
      before: async (db) => {
        if (answer.forceAliasCreation) await takeAliases(context, db, pool, user)
      },
      after: async (db) => {
        for (const message of welcome) await context.outbox.enqueue(db, message)
      },
    })
  } catch (error) {
    // A request at the same time was first, or the user goes by another name here.
    if (error instanceof NameTaken) return findUser(context.db, pool, name)
    throw error
  }
  context.outbox.wake()
  userMigrated(context, { pool: pool.id, sub: user.sub })
  return user
}

/** A question that brings a user over, or that the function does not answer, is not counted. */
async function askWithinBudgets(context: Context, migration: Migration): Promise<MigratedUser | undefined> {
  const { pool, client, address } = migration
  const counted = await countMigrationTry(context, pool.id, address)
  if ('spent' in counted) {
    if (hidesExistence(client.settings)) return undefined
    throw new BudgetSpent(MIGRATION_WHAT, counted.spent)
  }
  try {
    const answer = await ask(context, migration)
    if (answer?.userAttributes !== undefined) await forgiveTry(context, counted.taken)
    return answer
  } catch (error) {
    if (functionFailed(error)) await forgiveTry(context, counted.taken)
    throw error
  }
}

async function ask(context: Context, migration: Migration): Promise<MigratedUser | undefined> {
  const { pool, client, name, password, clientMetadata } = migration
  const signsIn = password !== undefined
  const source = signsIn ? 'UserMigration_Authentication' : 'UserMigration_ForgotPassword'
  try {
    return await callTrigger(
      context,
      userMigration,
      { pool, userName: name, clientId: client.clientId, source },
      {
        password,
        validationData: signsIn ? clientMetadata : undefined,
        clientMetadata: signsIn ? undefined : clientMetadata,
      },
    )
  } catch (error) {
    const refused = error instanceof ApiError && error.name === 'UserLambdaValidationException'
    if (refused && hidesExistence(client.settings)) return undefined
    throw error
  }
}

async function userOf(
  context: Context,
  { pool, client, name, password, clientMetadata }: Migration,
  { userAttributes = {}, finalUserStatus: status, enableSMSMFA }: MigratedUser,
): Promise<StoredUser> {
  const { username: given = name, sub: _, ...described } = userAttributes
  const sub = newSub((count) => context.random.bytes(count))
  const named = nameNewUser(pool.settings, sub, given, described)
  if ('refused' in named) throw cannotBeMadeError(named.message)
  const needsSms = enableSMSMFA && offersSms(pool)
  const problem =
    attributeProblem(pool.settings, named.attributes, 'new user') ??
    (needsSms && !named.attributes['phone_number'] ? 'enableSMSMFA needs a phone_number' : undefined)
  if (problem !== undefined) throw cannotBeMadeError(problem)
  const owner = { sub, userPoolId: pool.id, username: named.username }
  const occasion = { pool, userName: named.username, clientId: client.clientId } as const
  const validation = Object.entries(clientMetadata ?? {}).map(([Name, Value]) => ({ Name, Value }))
  await askPreSignUp(context, { ...occasion, source: 'PreSignUp_AdminCreateUser' }, named.attributes, {
    ...(password === undefined ? { ClientMetadata: clientMetadata } : { ValidationData: validation }),
  })
  const credential = password === undefined ? undefined : await newCredential(context, pool, owner, password)
  const attributes = mergeAttributes({}, named.attributes)
  const user = newUser({ ...owner, status, attributes }, context.clock.now(), credential)
  return needsSms ? { ...user, mfa: { UserMFASettingList: ['SMS_MFA'] } } : user
}

/** Whether the pool has SMS as a second factor. */
const offersSms = ({ settings }: UserPool): boolean =>
  (settings.MfaConfiguration ?? 'OFF') !== 'OFF' && secondFactors.SMS_MFA.isOffered(settings)

const cannotBeMadeError = (problem: string): ApiError =>
  new ApiError('InvalidLambdaResponseException', `UserMigration names a user who cannot be made: ${problem}`)

/** A welcome, by the media that can be delivered: a user who has come over is there without one as well. */
function prepareWelcome(
  context: Context,
  pool: UserPool,
  user: StoredUser,
  { suppressed, desiredDeliveryMediums = ['SMS'] }: MigratedUser,
): ReturnType<typeof prepareInvitation> {
  const media = suppressed ? [] : desiredDeliveryMediums.filter((medium) => canDeliver(context, medium, pool))
  return prepareInvitation(context, pool, user, undefined, media)
}
