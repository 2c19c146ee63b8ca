// The step of a request that authenticates its signature: finds the access key, verifies the signature and finds the
// principal of the key. How a signature is parsed and computed is sigv4/; what the principal may do is authorize.ts.
import { createHash } from 'node:crypto'
import type { Context } from '../context.ts'
import { wasMade } from '../effects/time-rules.ts'
import { ApiError } from '../errors.ts'
import type { ApiRequest } from '../http/request.ts'
import { entityArn, federatedUserArn, roleSessionArn, rootArn } from '../iam/arn-rules.ts'
import { noteUse } from '../iam/last-used.ts'
import type { SignedCaller } from '../operation.ts'
import { expiredToken, missingAuthentication, type SignatureRefusal, unrecognizedClient } from '../sigv4/refusals.ts'
import { type ParsedSignature, parseSignedRequest, type SignedRequest, verifySignature } from '../sigv4/verify.ts'
import type { Principal } from './principal.ts'
import { requestFacts } from './request-facts.ts'
import type { Session } from './session-token.ts'

/** How a service reads signatures. */
export interface SigningRules {
  /** The service in the scope of a signature. */
  service: string
  /** The regions that the scope may name; undefined for any: clients sign for us-east-1 at IAM and the global STS. */
  regions: readonly string[] | undefined
  /** How far the clock of a client may be off, either way (docs/reference/identity-pools-sts-iam-sync.md 14.1.8). */
  skewSeconds: number
}

/**
 * The caller that signed. Throws MissingAuthenticationToken, UnrecognizedClient, ExpiredToken, IncompleteSignature or
 * InvalidSignature.
 */
export function verifySigner(context: Context, request: ApiRequest, rules: SigningRules): Promise<SignedCaller> {
  const bodySha256Hex = createHash('sha256').update(request.body).digest('hex')
  const rawPath = request.signedPath ?? request.rawPath
  return verifySignedRequest(context, { ...request, rawPath, bodySha256Hex }, rules)
}

/** The same for a request of whose body only the hash is known. */
export async function verifySignedRequest(
  context: Context,
  signable: SignedRequest & Pick<ApiRequest, 'remoteAddress'>,
  { service, regions, skewSeconds }: SigningRules,
): Promise<SignedCaller> {
  const parsed = parseSignedRequest(signable)
  if (parsed.kind === 'none') throw signatureError(missingAuthentication)
  if (parsed.kind === 'refused') throw signatureError(parsed.refused)
  const now = context.clock.now()
  const key = await findKey(context, parsed)
  if (!key) throw signatureError(unrecognizedClient)
  const refused = verifySignature({
    request: signable,
    parsed,
    secretAccessKey: key.secretAccessKey,
    now,
    expectedService: service,
    expectedRegions: regions,
    skewSeconds,
  })
  if (refused) throw signatureError(refused)
  // Checked after the signature: only the holder of the key may learn that it expired.
  if (key.expiresAt <= now) throw signatureError(expiredToken)
  const principal = await key.principal()
  if (!principal) throw signatureError(unrecognizedClient)
  noteUse(context, principal, parsed.accessKeyId, parsed.scope)
  const { accountId } = context.config
  return {
    kind: 'signed',
    arn: principalArn(accountId, principal),
    accountId,
    accessKeyId: parsed.accessKeyId,
    region: parsed.scope.region,
    principal,
    facts: requestFacts(signable),
  }
}

const signatureError = ({ code, message, detail }: SignatureRefusal): ApiError =>
  new ApiError(code, message, { cause: detail })

interface Key {
  secretAccessKey: string
  /** Epoch milliseconds. */
  expiresAt: number
  /** Undefined when the user or role of the key was deleted. */
  principal(): Promise<Principal | undefined>
}

/** The key of a signature: the administrator's, a session's, or a user's. */
async function findKey(
  context: Context,
  { accessKeyId, sessionToken }: Pick<ParsedSignature, 'accessKeyId' | 'sessionToken'>,
): Promise<Key | undefined> {
  if (sessionToken !== undefined) {
    const session = context.sessionTokens.open(sessionToken, accessKeyId)
    // One that was issued while the clock was ahead would live for longer than its role allows.
    if (session && !wasMade(session.issuedAt, context.clock.now())) return undefined
    return session && { ...session, principal: () => sessionPrincipal(context, session) }
  }
  const { administrator } = context
  if (accessKeyId === administrator.accessKeyId)
    return {
      secretAccessKey: administrator.secretAccessKey,
      expiresAt: Number.POSITIVE_INFINITY,
      principal: async () => ({ kind: 'root' }),
    }
  const key = await context.iam.accessKey(accessKeyId)
  if (key?.status !== 'Active') return undefined
  return {
    secretAccessKey: key.secretAccessKey,
    expiresAt: Number.POSITIVE_INFINITY,
    async principal() {
      const user = await context.iam.byKey('user', key.userKey)
      return user && { kind: 'user', user }
    },
  }
}

/** The principal of a session; undefined once its role or user was deleted, even if another has the name now. */
async function sessionPrincipal(context: Context, session: Session): Promise<Principal | undefined> {
  const { kind, entity } = session
  if (!entity) return kind === 'root' ? { kind, session } : { kind: 'federated-user', user: undefined, session }
  if (kind === 'role') {
    const role = await context.iam.byKey('role', entity.key)
    return role?.id === entity.id ? { kind: 'role-session', role, session } : undefined
  }
  const user = await context.iam.byKey('user', entity.key)
  if (user?.id !== entity.id) return undefined
  return { kind: kind === 'user' ? 'user-session' : 'federated-user', user, session }
}

function principalArn(accountId: string, principal: Principal): string {
  switch (principal.kind) {
    case 'root':
      return rootArn(accountId)
    case 'role-session':
      return roleSessionArn(accountId, principal.role.settings.name, principal.session.name)
    case 'federated-user':
      return federatedUserArn(accountId, principal.session.name)
    default:
      return entityArn(accountId, principal.user)
  }
}
