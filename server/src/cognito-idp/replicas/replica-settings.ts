// What is stored of a replica of a user pool: another region in which the pool is seen, on the same database
// (docs/behaviour/replicas.md). Pure.
import type { UserPoolSettings } from '../user-pools/pool-settings.ts'

/** The settings that each region of a pool has of its own, beside its tags (docs/reference/user-pools.md 18.8). */
export const regionalMembers = ['EmailConfiguration', 'SmsConfiguration', 'LambdaConfig'] as const

export type RegionalSettings = Pick<UserPoolSettings, (typeof regionalMembers)[number]>

/** A region where a pool is secondary; the primary one is the pool itself. */
export interface Replica {
  readonly region: string
  /** A replica is there from the moment on that it is made, so that CREATING and DELETING are answers alone. */
  readonly status: 'ACTIVE' | 'INACTIVE'
  readonly tags: Readonly<Record<string, string>>
  /** What UpdateUserPool has set in this region; until then the settings are those of the primary one. */
  readonly regional?: RegionalSettings | undefined
}
