// The settings of a user pool, in AWS's own spelling, and the questions that other slices ask of them. Pure.
import type { UserPoolType } from '../../contract/cognito-idp.types.ts'

/** What the API owns and echoes, without what is computed for each answer. */
export type UserPoolSettings = Omit<
  UserPoolType,
  'Id' | 'Arn' | 'CreationDate' | 'LastModifiedDate' | 'EstimatedNumberOfUsers' | 'SchemaAttributes'
> & {
  Name: string
  /** All standard attributes, then the custom ones (attribute-schema.ts). */
  SchemaAttributes: NonNullable<UserPoolType['SchemaAttributes']>
}

/** The part of a pool id that takes part in SRP: what stands after the `_`. */
export const poolNamePart = (poolId: string): string => poolId.slice(poolId.indexOf('_') + 1)

/** arn:aws:cognito-idp:<region>:<account>:userpool/<id> (docs/reference/user-pools.md 4). */
export const poolArn = (region: string, accountId: string, poolId: string): string =>
  `arn:${partitionOf(region)}:cognito-idp:${region}:${accountId}:userpool/${poolId}`

const partitionOf = (region: string): string =>
  region.startsWith('cn-') ? 'aws-cn' : region.startsWith('us-gov-') ? 'aws-us-gov' : 'aws'

/**
 * Names compare with regard to case unless the pool was made with CaseSensitive false
 * (docs/reference/user-pools.md 5.2).
 */
export const isCaseSensitive = (settings: Pick<UserPoolSettings, 'UsernameConfiguration'>): boolean =>
  settings.UsernameConfiguration?.CaseSensitive ?? true

/** True in pools whose users sign in with an e-mail address or phone number, and whose usernames are made by the server. */
export const hasUsernameAttributes = (settings: UserPoolSettings): boolean =>
  (settings.UsernameAttributes?.length ?? 0) > 0
