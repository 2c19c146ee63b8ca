// Session tokens of temporary credentials: sealed and stateless, so that any process verifies one without a read
// (docs/reference/identity-pools-sts-iam-sync.md 15.4). The token holds what was fixed when it was issued. Permissions
// are evaluated at each request, from the policies that the role or user has then (authorize.ts).
import { deflateRawSync, inflateRawSync } from 'node:zlib'
import type { Sealer } from '../crypto/seal.ts'
import { limits } from './limits.ts'

export interface Session {
  kind: 'role' | 'user' | 'root' | 'federated-user'
  accessKeyId: string
  secretAccessKey: string
  /** Epoch milliseconds. */
  issuedAt: number
  expiresAt: number
  /**
   * The role, or the user who asked for the session. One that is created later under the same name has another id.
   * Absent for the root.
   */
  entity?: { key: string; id: string }
  /** RoleSessionName, or the name of the federated user; empty for a session of GetSessionToken. */
  name: string
  /** Documents given with the request; together with `policyArns` they bound what the session may do. */
  policies?: string[]
  /** ARNs of managed session policies. */
  policyArns?: string[]
  /** Principal tags: those of the request, and transitive ones of the session that asked. */
  tags?: Record<string, string>
  /** Keys of `tags` that the next role session inherits, in lower case. */
  transitiveTagKeys?: string[]
  sourceIdentity?: string
  /** `aws:FederatedProvider`: cognito-identity.amazonaws.com, the name of a social provider, or a provider's ARN. */
  federatedProvider?: string
  /** Condition keys that hold for the whole session, such as cognito-identity.amazonaws.com:sub. */
  context?: Record<string, string[]>
}

const PURPOSE = 'session token'

/** Opened sessions are cached: a client sends the same token with every request. */
const SESSIONS_KEPT = 2000

/** Made once for a server (context.ts). */
export interface SessionTokens {
  /**
   * The token that SDKs send with every request of the session. Throws RangeError when it would be too long to send.
   */
  seal(session: Session): string
  /** The session in a token of ours that belongs to this access key; undefined for any other text. */
  open(token: string, accessKeyId: string): Session | undefined
}

export function createSessionTokens(sealer: Sealer): SessionTokens {
  const opened = new Map<string, Session>()
  return {
    seal(session) {
      const token = sealer.seal(PURPOSE, deflateRawSync(JSON.stringify(session)), session.accessKeyId)
      if (token.length > limits.sessionToken.max) throw new RangeError('The session token would be too long.')
      return token
    },
    open(token, accessKeyId) {
      if (token.length > limits.sessionToken.max) return undefined
      const known = opened.get(token)
      if (known) return known.accessKeyId === accessKeyId ? known : undefined
      const bytes = sealer.open(PURPOSE, token, accessKeyId)
      if (!bytes) return undefined
      const session = JSON.parse(inflateRawSync(bytes, { maxOutputLength: limits.session.max }).toString()) as Session
      if (opened.size >= SESSIONS_KEPT) opened.clear()
      opened.set(token, session)
      return session
    },
  }
}
