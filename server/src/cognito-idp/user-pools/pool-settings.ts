// The settings of a user pool, in AWS's own spelling, and functions on them that other slices use. Pure.
import type {
  CustomDomainConfigType,
  GetUserPoolMfaConfigResponse,
  LogConfigurationType,
  RoutingType,
  UserPoolType,
} from '../../contract/cognito-idp.types.ts'
import type { SessionConfiguration } from '../sessions/session-config-rules.ts'
import type { StoredRiskConfiguration } from '../threats/protection-rules.ts'

/** Settings that SetUserPoolMfaConfig alone sets, and GetUserPoolMfaConfig alone shows. */
export type MfaConfig = Pick<
  GetUserPoolMfaConfigResponse,
  'SoftwareTokenMfaConfiguration' | 'EmailMfaConfiguration' | 'WebAuthnConfiguration'
> & {
  /** SetUserPoolMfaConfig named other second factors and not SMS: SmsConfiguration is for verification alone. */
  SmsMfaLeftOut?: boolean
}

/** The member of a pool that names a domain of a kind: a prefix, or a host name of one's own. A pool has one of each. */
export type DomainKind = 'Domain' | 'CustomDomain'

/** What a domain has beside its name. */
export interface DomainConfiguration {
  /** 1: the classic pages; 2: managed login. */
  ManagedLoginVersion: number
  CustomDomainConfig?: CustomDomainConfigType
  Routing?: RoutingType
  /** When it was made, as 14 digits. */
  Version: string
}

/** UserPoolType without the members that are computed for each response, and MfaConfig. */
export type UserPoolSettings = Omit<
  UserPoolType,
  'Id' | 'Arn' | 'CreationDate' | 'LastModifiedDate' | 'EstimatedNumberOfUsers' | 'SchemaAttributes'
> &
  MfaConfig & {
    Name: string
    /** Of the names in Domain and CustomDomain; the operations of domains alone set and show it (domains/). */
    DomainConfigurations?: Partial<Record<DomainKind, DomainConfiguration>>
    /** SetUserPoolSessionConfiguration alone sets it, GetUserPoolSessionConfiguration alone shows it. */
    SessionConfiguration?: SessionConfiguration
    /** SetRiskConfiguration alone sets it, DescribeRiskConfiguration alone shows it. */
    RiskConfiguration?: StoredRiskConfiguration
    /** SetLogDeliveryConfiguration alone sets it, GetLogDeliveryConfiguration alone shows it. */
    LogConfigurations?: readonly LogConfigurationType[]
    /** All standard attributes, then the custom ones (attribute-schema.ts). */
    SchemaAttributes: NonNullable<UserPoolType['SchemaAttributes']>
  }

/** The part of a pool id after the `_`, which is an input of SRP. */
export const poolNamePart = (poolId: string): string => poolId.slice(poolId.indexOf('_') + 1)

/** arn:aws:cognito-idp:<region>:<account>:userpool/<id> (docs/reference/user-pools.md 4). */
export const poolArn = (region: string, accountId: string, poolId: string): string =>
  `arn:${partitionOf(region)}:cognito-idp:${region}:${accountId}:userpool/${poolId}`

const partitionOf = (region: string): string =>
  region.startsWith('cn-') ? 'aws-cn' : region.startsWith('us-gov-') ? 'aws-us-gov' : 'aws'

/**
 * Names are case-sensitive unless the pool was created with CaseSensitive false
 * (docs/reference/user-pools.md 5.2).
 */
export const isCaseSensitive = (settings: Pick<UserPoolSettings, 'UsernameConfiguration'>): boolean =>
  settings.UsernameConfiguration?.CaseSensitive ?? true

/** True in pools whose users sign in with an e-mail address or phone number, and whose usernames are their subs. */
export const hasUsernameAttributes = (settings: UserPoolSettings): boolean =>
  (settings.UsernameAttributes?.length ?? 0) > 0
