// UpdateUserPool in a region where the pool is secondary: it changes what this region has of its own, and has to repeat the rest as
// it is (docs/reference/user-pools.md 18.8).
import { isDeepStrictEqual } from 'node:util'
import { invalid, type Refusal } from '../../refusal-rules.ts'
import type { UserPoolSettings } from '../user-pools/pool-settings.ts'
import type { UserPool } from '../user-pools/pool-store.ts'
import { replicaTagProblem } from './replica-rules.ts'
import { type RegionalSettings, type Replica, regionalMembers } from './replica-settings.ts'

type RegionalRefusal = Refusal<'InvalidParameterException' | 'UserPoolTaggingException'>

/** The replica with its share of `settings`, those that UpdateUserPool makes for it; or why they are refused. */
export function updatedReplica(
  pool: UserPool,
  replica: Replica,
  settings: UserPoolSettings,
): Replica | RegionalRefusal {
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
