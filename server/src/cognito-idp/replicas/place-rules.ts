// A user pool as one of its regions sees it (docs/reference/user-pools.md 18.8, docs/behaviour/replicas.md). Pure.
import type { UserPoolReplicaType } from '../../contract/cognito-idp.types.ts'
import { poolArn } from '../user-pools/pool-settings.ts'
import type { UserPool } from '../user-pools/pool-store.ts'
import { withRegional } from './replica-rules.ts'
import type { Replica } from './replica-settings.ts'

/** Where a request is served. */
export interface Place {
  /** The region of its signature, or else of its address; undefined for neither: the pool is served where it is primary. */
  readonly region?: string | undefined
  /** The region of its address alone, which is part of what the pool is called there. */
  readonly addressedIn?: string | undefined
}

/** The pool as a region sees it, with the settings of this region; undefined in a region where the pool is not. */
export function poolAt(pool: UserPool, { region = pool.region, addressedIn }: Place): UserPool | undefined {
  const address = addressedIn === undefined ? {} : { addressedIn }
  if (region === pool.region) return addressedIn === undefined ? pool : { ...pool, ...address }
  const replica = pool.replicas.find((one) => one.region === region)
  if (!replica) return undefined
  return { ...pool, ...address, replica, settings: withRegional(pool.settings, replica.regional) }
}

/** The same of a pool that has been read again: its region was there a moment ago. */
export const seenBy = (pool: UserPool, place: Place): UserPool => poolAt(pool, place) ?? pool

/** The region in which a pool is seen. */
export const seenIn = ({ region, replica }: Pick<UserPool, 'region' | 'replica'>): string => replica?.region ?? region

/** The ARN of a pool in the region in which it is seen. */
export const arnOf = (pool: Pick<UserPool, 'id' | 'region' | 'replica'>, accountId: string): string =>
  poolArn(seenIn(pool), accountId, pool.id)

/** The tags of a pool in the region in which it is seen. */
export const tagsOf = ({
  replica,
  settings,
}: Pick<UserPool, 'replica' | 'settings'>): Readonly<Record<string, string>> =>
  replica?.tags ?? settings.UserPoolTags ?? {}

/** Every region of a pool, by name. */
export const regionsOf = ({ region, replicas }: Pick<UserPool, 'region' | 'replicas'>): string[] =>
  [region, ...replicas.map((one) => one.region)].sort()

/** UserPoolReplicaType of a secondary region; `status` also for the answers that tell of a change (CREATING, DELETING). */
export const replicaType = (
  { id, region: primary }: Pick<UserPool, 'id' | 'region'>,
  accountId: string,
  { region, status }: Pick<Replica, 'region'> & { readonly status: UserPoolReplicaType['Status'] },
): UserPoolReplicaType => ({
  RegionName: region,
  Status: status,
  Role: region === primary ? 'PRIMARY' : 'SECONDARY',
  UserPoolArn: poolArn(region, accountId, id),
})

/** UserPoolReplicaType of every region of a pool, by name. */
export const replicaTypes = (pool: Pick<UserPool, 'id' | 'region' | 'replicas'>, accountId: string) =>
  regionsOf(pool).map((region) =>
    replicaType(pool, accountId, {
      region,
      status: pool.replicas.find((one) => one.region === region)?.status ?? 'ACTIVE',
    }),
  )
