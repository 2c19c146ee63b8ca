// A stored user pool in the API's form. Pure. docs/reference/user-pools.md 5.5.
import type { Config } from '../../config/config.ts'
import type { UserPoolDescriptionType, UserPoolType } from '../../contract/cognito-idp.types.ts'
import { arnOf, regionsOf, tagsOf } from '../replicas/place-rules.ts'
import { temporaryPasswordDays } from '../users/password-rules.ts'
import { withDefaultNames } from './acr-rules.ts'
import type { UserPool } from './pool-store.ts'

/** UserPoolType of DescribeUserPool and CreateUserPool, in the region in which the pool is seen. */
export function userPoolType(
  { accountId }: Pick<Config, 'accountId'>,
  pool: UserPool,
  estimatedUsers: number,
): UserPoolType {
  const {
    SoftwareTokenMfaConfiguration,
    EmailMfaConfiguration,
    WebAuthnConfiguration,
    SmsMfaLeftOut,
    DomainConfigurations,
    SessionConfiguration,
    RiskConfiguration,
    LogConfigurations,
    ...settings
  } = pool.settings
  return {
    ...settings,
    Id: pool.id,
    Arn: arnOf(pool, accountId),
    CreationDate: new Date(pool.createdAt),
    LastModifiedDate: new Date(pool.updatedAt),
    EstimatedNumberOfUsers: estimatedUsers,
    UserPoolTags: tagsOf(pool),
    Policies: {
      ...settings.Policies,
      PasswordPolicy: {
        TemporaryPasswordValidityDays: temporaryPasswordDays(pool.settings),
        ...settings.Policies?.PasswordPolicy,
      },
    },
    // Shown even when it was never sent, as in the service.
    AdminCreateUserConfig: { UnusedAccountValidityDays: 7, ...settings.AdminCreateUserConfig },
    AcrConfiguration: settings.AcrConfiguration && withDefaultNames(settings.AcrConfiguration),
  }
}

/** An entry of ListUserPools. */
export const userPoolDescription = (pool: UserPool): UserPoolDescriptionType => ({
  Id: pool.id,
  Name: pool.settings.Name,
  LambdaConfig: pool.settings.LambdaConfig,
  LastModifiedDate: new Date(pool.updatedAt),
  CreationDate: new Date(pool.createdAt),
  ...(pool.replicas.length > 0 && { ReplicaRegions: regionsOf(pool) }),
})
