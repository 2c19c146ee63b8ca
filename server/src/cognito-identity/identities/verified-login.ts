// A login whose token was verified, with the names of its provider in role mappings, principal tags and `amr`.
import type { Login } from './login-rules.ts'

export interface VerifiedLogin extends Login {
  /**
   * What the provider says of the user: claims of a token, or attributes of an assertion. Look names up with
   * Object.hasOwn.
   */
  readonly claims: Readonly<Record<string, unknown>>
  /** Names of the provider in RoleMappings and in the maps of principal tags; the first that has an entry counts. */
  readonly mappingNames: readonly string[]
  readonly tagMapNames: readonly string[]
  /** What the default map of principal tags takes (docs/reference/identity-pools-sts-iam-sync.md 8). */
  readonly defaultTags: { readonly client?: string | undefined; readonly username?: string | undefined }
  /** The two entries of `amr` (docs/reference/identity-pools-sts-iam-sync.md 6). */
  readonly amr: readonly [provider: string, detail: string]
  /** Roles that the provider itself names and a client may choose from: the Role attribute of SAML. */
  readonly ownRoles?: readonly string[]
}
