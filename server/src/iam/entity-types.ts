// The entities of IAM: users, groups, roles, managed policies, OIDC and SAML providers. Each is one row with its
// settings as JSON (entity-store.ts). Its key is the kind and the name in lower case, as names of a kind are unique
// without case (docs/reference/identity-pools-sts-iam-sync.md 18.3).

export type EntityKind = 'role' | 'user' | 'group' | 'policy' | 'oidc-provider' | 'saml-provider'

export interface Tag {
  Key: string
  Value: string
}

/** The settings that roles, users and groups share. */
interface Attachable {
  name: string
  /** `/` or `/x/y/`. */
  path: string
  /** Documents by name. The names come from callers: look them up with Object.hasOwn. */
  inlinePolicies: Record<string, string>
  /** ARNs of managed policies, in the order of attachment. */
  attachedPolicies: string[]
}

export interface RoleSettings extends Attachable {
  trustPolicy: string
  /** Unique ids, when the trust policy was stored, of the users and roles of this account that it names; by ARN. */
  trustedIds?: Record<string, string>
  description?: string
  maxSessionSeconds: number
  boundaryArn?: string
  tags: Tag[]
}

export interface UserSettings extends Attachable {
  boundaryArn?: string
  tags: Tag[]
  /** Keys of groups. */
  groups: string[]
}

export type GroupSettings = Attachable

export interface PolicySettings {
  name: string
  path: string
  description?: string
  /** Oldest first. */
  versions: { id: string; document: string; createdAt: number }[]
  defaultVersion: string
  /** The number of the next version; numbers are not reused. */
  nextVersion: number
  /** The number of entities that it is attached to, and of those it is the boundary of. Both must be 0 to delete it. */
  attachments: number
  boundaryOf: number
  tags: Tag[]
}

export interface OidcProviderSettings {
  /** Host and path, without the scheme. */
  url: string
  clientIds: string[]
  /** Stored and returned, but not used: TLS is verified by the certificate authorities that Node.js trusts. */
  thumbprints: string[]
  tags: Tag[]
}

export interface SamlProviderSettings {
  name: string
  metadata: string
  /** Epoch milliseconds; absent when the metadata give none. */
  validUntil?: number
  /** Absent for `Allowed`. */
  encryption?: 'Required'
  /** For encrypted assertions, the oldest first. */
  privateKeys?: SamlPrivateKey[]
  tags: Tag[]
}

/** `sealed`: PKCS #8 in DER, bound to `id`. */
export interface SamlPrivateKey {
  id: string
  /** When it was added, epoch milliseconds. */
  addedAt: number
  sealed: string
}

export interface SettingsByKind {
  role: RoleSettings
  user: UserSettings
  group: GroupSettings
  policy: PolicySettings
  'oidc-provider': OidcProviderSettings
  'saml-provider': SamlProviderSettings
}

/** A stored entity. `id`: the unique id (AROA…, AIDA…), another one for an entity that is created again. */
export interface Entity<Kind extends EntityKind = EntityKind> {
  kind: Kind
  key: string
  id: string
  settings: SettingsByKind[Kind]
  /** Epoch milliseconds. */
  createdAt: number
  updatedAt: number
  version: number
}

export type Role = Entity<'role'>
export type User = Entity<'user'>
export type Group = Entity<'group'>
export type ManagedPolicy = Entity<'policy'>
export type OidcProvider = Entity<'oidc-provider'>
export type SamlProvider = Entity<'saml-provider'>

/** The key of an entity: its kind and name in lower case; of an OIDC provider host and path, case-sensitive. */
export const entityKey = (kind: EntityKind, name: string): string =>
  `${kind}/${kind === 'oidc-provider' ? name : name.toLowerCase()}`

/** An access key of a user; its secret is opened only to verify a signature. */
export interface AccessKey {
  accessKeyId: string
  userKey: string
  secretAccessKey: string
  status: 'Active' | 'Inactive'
  createdAt: number
}
