// ARNs of IAM, STS and identity pools (docs/reference/identity-pools-sts-iam-sync.md 15.3, 18.3). Pure.
import type { Entity, EntityKind, SettingsByKind } from './entity-types.ts'

const resource: { [Kind in EntityKind]: (settings: SettingsByKind[Kind]) => string } = {
  role: ({ path, name }) => `role${path}${name}`,
  user: ({ path, name }) => `user${path}${name}`,
  group: ({ path, name }) => `group${path}${name}`,
  policy: ({ path, name }) => `policy${path}${name}`,
  'oidc-provider': ({ url }) => `oidc-provider/${url}`,
  'saml-provider': ({ name }) => `saml-provider/${name}`,
}

/** `arn:aws:iam::A:role/path/name` and the like. */
export function entityArn<Kind extends EntityKind>(
  accountId: string,
  { kind, settings }: Pick<Entity<Kind>, 'kind' | 'settings'>,
): string {
  return `arn:aws:iam::${accountId}:${resource[kind](settings)}`
}

/** The account's root. */
export const rootArn = (accountId: string): string => `arn:aws:iam::${accountId}:root`

/** A session of a role: the role's path is left out. */
export const roleSessionArn = (accountId: string, roleName: string, sessionName: string): string =>
  `arn:aws:sts::${accountId}:assumed-role/${roleName}/${sessionName}`

export const federatedUserArn = (accountId: string, name: string): string =>
  `arn:aws:sts::${accountId}:federated-user/${name}`

const ENTITY_ARN = /^arn:aws:iam::(\d{12}|aws):(role|user|group|policy)(\/(?:[!-~]{0,510}\/)?)([\w+=,.@-]{1,128})$/

/** Account, kind, path and name in the ARN of a role, user, group or policy; undefined for any other text. */
export function parseEntityArn(
  arn: string,
): { accountId: string; kind: 'role' | 'user' | 'group' | 'policy'; path: string; name: string } | undefined {
  const [, accountId, kind, path, name] = ENTITY_ARN.exec(arn) ?? []
  return accountId === undefined
    ? undefined
    : { accountId, kind: kind as 'role', path: path as string, name: name as string }
}

const PROVIDER_ARN = /^arn:aws:iam::(\d{12}):(oidc-provider|saml-provider)\/([!-~]{1,255})$/

/** Account, kind and name (of an OIDC provider host and path) in a provider's ARN; undefined for any other text. */
export function parseProviderArn(
  arn: string,
): { accountId: string; kind: 'oidc-provider' | 'saml-provider'; name: string } | undefined {
  const [, accountId, kind, name] = PROVIDER_ARN.exec(arn) ?? []
  return accountId === undefined ? undefined : { accountId, kind: kind as 'oidc-provider', name: name as string }
}

/**
 * The federated principal that trust policies name for identity pools, and the key of a pool's own tokens among logins.
 */
export const IDENTITY_POOL_PROVIDER = 'cognito-identity.amazonaws.com'

export const identityPoolArn = (region: string, accountId: string, poolId: string): string =>
  `arn:aws:cognito-identity:${region}:${accountId}:identitypool/${poolId}`
