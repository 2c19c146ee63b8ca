// Session tokens of temporary credentials: sealed and stateless, so that any process verifies one without a read
// (docs/reference/identity-pools-sts-iam-sync.md 15.4). What a session may do is decided anew at each request, by the
// policies that its role or user has then; the token holds what was decided when it was issued.
import { deflateRawSync, inflateRawSync } from 'node:zlib'
import type { Sealer } from '../crypto/seal.ts'

export interface Session {
  kind: 'role' | 'user' | 'root' | 'federated-user'
  accessKeyId: string
  secretAccessKey: string
  /** Epoch milliseconds. */
  issuedAt: number
  expiresAt: number
  /** The role, or the user who asked: a later one of the same name has another id. Absent for the root. */
  entity?: { key: string; id: string }
  /** RoleSessionName, or the name of the federated user; empty for one's own session. */
  name: string
  /** Documents given with the request; together with `policyArns` they bound what the session may do. */
  policies?: string[]
  /** ARNs of managed session policies. */
  policyArns?: string[]
  /** Principal tags: those of the request, and those handed on by a session before. */
  tags?: Record<string, string>
  /** Keys of `tags` that go on to the next role, lower case. */
  transitiveTagKeys?: string[]
  sourceIdentity?: string
  /** `aws:FederatedProvider`: what vouched for the caller, such as cognito-identity.amazonaws.com or the ARN of a provider. */
  federatedProvider?: string
  /** Condition keys that stay true for the whole session, such as cognito-identity.amazonaws.com:sub. */
  context?: Record<string, string[]>
}

const PURPOSE = 'session token'
/** Larger ones would not fit into the headers of a request. */
const LONGEST_TOKEN = 8192
const LARGEST_SESSION = 64 * 1024

/** The token that SDKs send with every request of the session. Throws RangeError when it would be too long to send. */
export function sealSession(sealer: Sealer, session: Session): string {
  const token = sealer.seal(PURPOSE, deflateRawSync(JSON.stringify(session)), session.accessKeyId)
  if (token.length > LONGEST_TOKEN) throw new RangeError('The session token would be too long.')
  return token
}

/** Sessions that were opened last, for each sealer: a client sends the same token with every request. */
const opened = new WeakMap<Sealer, Map<string, Session>>()
const SESSIONS_KEPT = 2000

/** The session in a token of ours that belongs to this access key; undefined for any other text. */
export function openSession(sealer: Sealer, token: string, accessKeyId: string): Session | undefined {
  if (token.length > LONGEST_TOKEN) return undefined
  const kept = opened.get(sealer) ?? new Map<string, Session>()
  const known = kept.get(token)
  if (known) return known.accessKeyId === accessKeyId ? known : undefined
  const bytes = sealer.open(PURPOSE, token, accessKeyId)
  if (!bytes) return undefined
  const session = JSON.parse(inflateRawSync(bytes, { maxOutputLength: LARGEST_SESSION }).toString()) as Session
  if (kept.size >= SESSIONS_KEPT) kept.clear()
  opened.set(sealer, kept.set(token, session))
  return session
}
