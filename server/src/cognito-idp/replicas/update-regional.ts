// UpdateUserPool in a region where the pool is secondary: it changes what this region has of its own, and has to repeat the rest as
// it is (docs/reference/user-pools.md 18.8).
import { isDeepStrictEqual } from 'node:util'
import type { Context } from '../../context.ts'
import { enforce, invalid, type Refusal } from '../../refusal-rules.ts'
import type { OperationRequest } from '../operation.ts'
import { updatedPoolSettings } from '../user-pools/new-pool-settings.ts'
import { updatedPoolRefusal } from '../user-pools/pool-rules.ts'
import type { UserPoolSettings } from '../user-pools/pool-settings.ts'
import type { UserPool } from '../user-pools/pool-store.ts'
import { changeReplicas } from './change-replicas.ts'
import { poolAt } from './place-rules.ts'
import { replicaTagProblem } from './replica-rules.ts'
import { type RegionalSettings, type Replica, regionalMembers } from './replica-settings.ts'
import { replaceReplica } from './replica-store.ts'

/** Writes the region's share of the settings. Throws errors of UpdateUserPool. */
export async function updateRegional(
  context: Context,
  { input, caller, fail }: Pick<OperationRequest<'UpdateUserPool'>, 'input' | 'caller' | 'fail'>,
): Promise<void> {
  await changeReplicas(context, input.UserPoolId, (pool) => {
    const seen = poolAt(pool, caller)
    if (!seen?.replica)
      throw fail('ConcurrentModificationException', `User pool ${pool.id} is being changed by another request.`)
    const settings = updatedPoolSettings(seen.settings, input, context.config.region)
    enforce(fail, updatedPoolRefusal(seen.settings, input, settings))
    const updated = updatedReplica(pool, seen.replica, settings)
    if ('refused' in updated) throw fail(updated.refused, updated.message)
    return { write: (db) => replaceReplica(db, pool.id, updated), answer: undefined }
  })
}

type RegionalRefusal = Refusal<'InvalidParameterException' | 'UserPoolTaggingException'>

/** The replica with its share of `settings`, or why these are refused. */
function updatedReplica(pool: UserPool, replica: Replica, settings: UserPoolSettings): Replica | RegionalRefusal {
  const own: readonly string[] = [...regionalMembers, 'UserPoolTags']
  const changed = [...new Set([...Object.keys(pool.settings), ...Object.keys(settings)])].find(
    (member) => !own.includes(member) && !isSame(pool.settings, settings, member as keyof UserPoolSettings),
  )
  if (changed !== undefined)
    return invalid(`${changed} must be as it is in the primary region ${pool.region} of the user pool.`)
  const tags = settings.UserPoolTags ?? {}
  const problem = replicaTagProblem(tags)
  if (problem !== undefined) return { refused: 'UserPoolTaggingException', message: problem }
  const regional: RegionalSettings = Object.fromEntries(regionalMembers.map((member) => [member, settings[member]]))
  return { ...replica, tags, regional }
}

// As they are stored, without members that are undefined.
const isSame = (one: UserPoolSettings, other: UserPoolSettings, member: keyof UserPoolSettings): boolean =>
  isDeepStrictEqual(JSON.parse(JSON.stringify(one[member] ?? null)), JSON.parse(JSON.stringify(other[member] ?? null)))
