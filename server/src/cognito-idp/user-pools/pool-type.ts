// A stored user pool in the API's form. Pure. docs/reference/user-pools.md 5.5.
import type { Config } from '../../config/config.ts'
import type { UserPoolDescriptionType, UserPoolType } from '../../contract/cognito-idp.types.ts'
import { temporaryPasswordDays } from '../users/password-rules.ts'
import { withDefaultNames } from './acr-rules.ts'
import { poolArn } from './pool-settings.ts'
import type { UserPool } from './pool-store.ts'

/** UserPoolType of DescribeUserPool and CreateUserPool. */
export function userPoolType(
  { region, accountId }: Pick<Config, 'region' | 'accountId'>,
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
    Arn: poolArn(region, accountId, pool.id),
    CreationDate: new Date(pool.createdAt),
    LastModifiedDate: new Date(pool.updatedAt),
    EstimatedNumberOfUsers: estimatedUsers,
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
export const userPoolDescription = ({ id, settings, createdAt, updatedAt }: UserPool): UserPoolDescriptionType => ({
  Id: id,
  Name: settings.Name,
  LambdaConfig: settings.LambdaConfig,
  LastModifiedDate: new Date(updatedAt),
  CreationDate: new Date(createdAt),
})
