// Which replicas a user pool may have, and what becomes of it when one is promoted. Pure. docs/reference/user-pools.md 18.8;
// the texts are ours (docs/behaviour/replicas.md).
import { firstRefusal, invalid, type Refusal } from '../../refusal-rules.ts'
import { limits } from '../limits.ts'
import { isSettingTag } from '../tags/cognomen-tag-rules.ts'
import { tagProblem } from '../tags/tag-rules.ts'
import type { DomainConfiguration, DomainKind, UserPoolSettings } from '../user-pools/pool-settings.ts'
import type { UserPool } from '../user-pools/pool-store.ts'
import { type RegionalSettings, type Replica, regionalMembers } from './replica-settings.ts'

type Pool = Pick<UserPool, 'id' | 'region' | 'replicas' | 'settings'>
type Tags = Readonly<Record<string, string>>

const notFound = (message: string): Refusal<'ResourceNotFoundException'> => ({
  refused: 'ResourceNotFoundException',
  message,
})

/** What is wrong with the tags of a replica; undefined when nothing is. Those that are settings of the pool are the pool's. */
export function replicaTagProblem(tags: Tags): string | undefined {
  const setting = Object.keys(tags).find(isSettingTag)
  return setting === undefined
    ? tagProblem(tags)
    : `Tag '${setting}' is a setting of the user pool: set it in the primary region.`
}

type NewReplicaRefusal =
  | Refusal
  | Refusal<'FeatureUnavailableInTierException'>
  | Refusal<'LimitExceededException'>
  | Refusal<'UserPoolTaggingException'>

/** Why a pool may not have a replica in a region; `regions`: those that this server knows. Undefined when it may. */
export const newReplicaRefusal = (
  pool: Pool,
  region: string,
  tags: Tags,
  regions: readonly string[],
): Refusal<NewReplicaRefusal['refused']> | undefined =>
  firstRefusal<NewReplicaRefusal['refused']>([
    () =>
      regions.includes(region)
        ? undefined
        : invalid(
            `Region ${region} is not a region of this server; those are ${regions.join(', ')} (settings AWS_REGION and FURTHER_REGIONS).`,
          ),
    () =>
      pool.region === region || pool.replicas.some((one) => one.region === region)
        ? invalid(`User pool ${pool.id} is in region ${region} already.`)
        : undefined,
    () =>
      pool.settings.UserPoolTier === 'LITE'
        ? {
            refused: 'FeatureUnavailableInTierException',
            message: `The following feature is not available for the LITE pricing tier configured: ${TIER_FEATURE}`,
          }
        : undefined,
    () => {
      const message = replicaTagProblem(tags)
      return message === undefined ? undefined : { refused: 'UserPoolTaggingException', message }
    },
    () =>
      pool.replicas.length >= limits.replicasPerPool.max
        ? {
            refused: 'LimitExceededException',
            message: `A user pool can not have more than ${limits.replicasPerPool.max} replica.`,
          }
        : undefined,
  ])

const TIER_FEATURE = 'Multi-Region Replication'

/** Why a pool may not change to the tier of these settings; undefined when it may. */
export const replicatedTierRefusal = (
  { replicas }: Pool,
  { UserPoolTier }: UserPoolSettings,
): Refusal<'TierChangeNotAllowedException'> | undefined =>
  replicas.length > 0 && UserPoolTier === 'LITE'
    ? {
        refused: 'TierChangeNotAllowedException',
        message: `The following features need to be disabled for the LITE pricing tier configured: ${TIER_FEATURE}`,
      }
    : undefined

/** The replica of a region that is to be changed, or why there is none. `change` completes "can not be". */
export function secondaryIn(
  { id, region: primary, replicas }: Pool,
  region: string,
  change: string,
): Replica | Refusal<'InvalidParameterException' | 'ResourceNotFoundException'> {
  if (region === primary)
    return invalid(`Region ${region} is the primary region of the user pool, which can not be ${change}.`)
  return (
    replicas.find((one) => one.region === region) ?? notFound(`User pool ${id} has no replica in region ${region}.`)
  )
}

/** Why a replica may not be deleted; undefined when it may. */
export function deletedReplicaRefusal({ settings }: Pool, { region, status }: Replica): Refusal | undefined {
  if (status !== 'INACTIVE')
    return invalid(`The replica in region ${region} is ${status}: only an INACTIVE replica can be deleted.`)
  return Object.values(settings.DomainConfigurations ?? {}).some(
    (one) => one.Routing?.Failover?.SecondaryRegion === region,
  )
    ? invalid(`The replica in region ${region} cannot be deleted. The routing of a domain names it.`)
    : undefined
}

const pickTags = (tags: Tags | undefined, isKept: (key: string) => boolean): Record<string, string> =>
  Object.fromEntries(Object.entries(tags ?? {}).filter(([key]) => isKept(key)))

const regionalOf = (settings: UserPoolSettings): RegionalSettings =>
  Object.fromEntries(regionalMembers.map((member) => [member, settings[member]]))

/** The settings of a pool, with those that its regions have of their own replaced. */
export const withRegional = (settings: UserPoolSettings, regional: RegionalSettings | undefined): UserPoolSettings =>
  regional === undefined
    ? settings
    : ({
        ...settings,
        ...Object.fromEntries(regionalMembers.map((member) => [member, undefined])),
        ...regional,
      } as UserPoolSettings)

/**
 * A pool and its replicas after the promotion of `replica`: what a region has of its own stays with the region, and settings of
 * the pool stay with the pool.
 */
export function promoted(pool: Pool, replica: Replica): { settings: UserPoolSettings; secondary: Replica } {
  const { settings, region } = pool
  return {
    settings: {
      ...withRegional(settings, replica.regional),
      UserPoolTags: { ...pickTags(settings.UserPoolTags, isSettingTag), ...replica.tags },
      ...(settings.DomainConfigurations && {
        DomainConfigurations: withSecondary(settings.DomainConfigurations, replica.region, region),
      }),
    },
    secondary: {
      region,
      status: 'ACTIVE',
      tags: pickTags(settings.UserPoolTags, (key) => !isSettingTag(key)),
      ...(replica.regional && { regional: regionalOf(settings) }),
    },
  }
}

/** Domains that failed over to the region that is primary now fail over to the one that was. */
const withSecondary = (
  configurations: NonNullable<UserPoolSettings['DomainConfigurations']>,
  from: string,
  to: string,
): Partial<Record<DomainKind, DomainConfiguration>> =>
  Object.fromEntries(
    Object.entries(configurations).map(([kind, one]) => {
      const failover = one.Routing?.Failover
      return failover?.SecondaryRegion === from
        ? [kind, { ...one, Routing: { Failover: { ...failover, SecondaryRegion: to } } }]
        : [kind, one]
    }),
  )
