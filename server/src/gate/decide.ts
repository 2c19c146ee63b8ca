// The decision of the gate: authenticates the caller by signature or token, then evaluates its policies for the action
// and resource of the route.
import { createHash } from 'node:crypto'
import { type Authorization, conditionValues, decide } from '../authorization/authorize.ts'
import { verifySignedRequest } from '../authorization/signer.ts'
import { type GateRoute, routeTarget } from '../config/gate-routes.ts'
import type { Context } from '../context.ts'
import { ApiError } from '../errors.ts'
import { headerOf } from '../http/request.ts'
import type { SignedCaller } from '../operation.ts'
import { denialText } from '../policy/denial-text.ts'
import { parseSignedRequest } from '../sigv4/verify.ts'
import { sealAuthorizationMessage } from '../sts/denials/authorization-message.ts'
import { type GateIdentity, signedIdentity } from './identity.ts'
import type { OriginalRequest } from './original-request.ts'
import { encodeSegment, isPlainHost, plainPath } from './plain-path.ts'
import { proofOf } from './proof.ts'
import { tokenCaller } from './token-caller.ts'

export type GateDecision =
  | {
      allowed: true
      identity: GateIdentity
      /** The hash of the body that the signature covers; absent for tokens, which cover none. */
      bodySha256?: string
    }
  /** 401: not authenticated. 403: authenticated, but not allowed. */
  | {
      allowed: false
      status: 401 | 403
      error: string
      message: string
      /** For sts:DecodeAuthorizationMessage. */
      encodedAuthorizationMessage?: string
    }

/** How far the clock of a client may be off, as in the JSON services. */
const SKEW_SECONDS = 5 * 60
const EMPTY_BODY = createHash('sha256').digest('hex')

/** Headers that frameworks behind a proxy take instead of the method or the path of the request. */
const OVERRIDES: ReadonlySet<string> = new Set([
  'x-http-method',
  'x-http-method-override',
  'x-method-override',
  'x-original-url',
  'x-rewrite-url',
])

/** Decides on a request. Never throws because of what a client sent. */
export async function decideAtGate(
  context: Context,
  route: GateRoute,
  original: OriginalRequest,
  remoteAddress: string | undefined,
): Promise<GateDecision> {
  const path = plainPath(original.rawPath)
  if (path === undefined) return refuse(403, 'AccessDenied', 'The path can be read in more than one way.')
  if (!isPlainHost(original.host)) return refuse(403, 'AccessDenied', 'The host is not a name or an address.')
  const override = original.headers.find(([name]) => OVERRIDES.has(name.toLowerCase()))?.[0].toLowerCase()
  if (override !== undefined)
    return refuse(403, 'AccessDenied', `Some servers read another method or path from the header ${override}.`)
  try {
    const { caller, ...known } = await callerOf(context, route, original, remoteAddress)
    const { action, resource } = routeTarget(route, { ...original, path })
    // A value that the caller chose, such as a user name, stands for one segment of the path, however it is written.
    const request: Authorization = { action, resource: { arn: resource }, resourceValue: encodeSegment }
    const decision = await decide(context, caller, request)
    if (decision.allowed) return { allowed: true, ...known }
    const conditions = conditionValues(context, caller, request)
    const encoded = sealAuthorizationMessage(context.sealer, { caller, action, resource, conditions, decision })
    return {
      ...refuse(403, 'AccessDenied', denialText({ caller: caller.arn, action, resource }, decision)),
      ...(encoded !== undefined && { encodedAuthorizationMessage: encoded }),
    }
  } catch (error) {
    if (error instanceof ApiError && error.status !== 500) return refuse(401, error.name, error.message)
    throw error
  }
}

const refuse = (status: 401 | 403, error: string, message: string): GateDecision & { allowed: false } => ({
  allowed: false,
  status,
  error,
  message,
})

/** Methods whose body means nothing (RFC 9110 9.3.1, 9.3.2, 9.3.5, 9.3.7): servers ignore or refuse it. */
const WITHOUT_BODY: ReadonlySet<string> = new Set(['GET', 'HEAD', 'DELETE', 'OPTIONS'])

/**
 * The hash of the body that a valid signature covers; undefined when there may be a body that it does not cover. The
 * gate does not see the body: it verifies the hash that the client signed, and the server behind it compares that with
 * the body (docs/gate.md). Without such a hash only a request without a body can be verified.
 */
function coveredHash(original: OriginalRequest): string | undefined {
  const { bodySha256Hex, hasBody, method } = original
  if (bodySha256Hex !== undefined) return bodySha256Hex
  if (hasBody === false) return EMPTY_BODY
  const sent = headerOf(original, 'x-amz-content-sha256') ?? ''
  // Anything else is UNSIGNED-PAYLOAD or not of Signature Version 4.
  if (/^[0-9a-f]{64}$/.test(sent)) return hasBody && sent === EMPTY_BODY ? undefined : sent
  return hasBody === undefined && WITHOUT_BODY.has(method) ? EMPTY_BODY : undefined
}

export interface KnownCaller {
  caller: SignedCaller
  identity: GateIdentity
  bodySha256?: string
}

async function callerOf(
  context: Context,
  route: GateRoute,
  original: OriginalRequest,
  remoteAddress: string | undefined,
): Promise<KnownCaller> {
  // With two the server behind the gate might use another one than the gate.
  if (original.headers.filter(([name]) => name.toLowerCase() === 'authorization').length > 1)
    throw new ApiError('IncompleteSignatureException', "The request has more than one 'authorization'.")
  const [, scheme = '', token] = /^(Bearer|DPoP) +([\w.~+/=-]+)$/i.exec(headerOf(original, 'authorization') ?? '') ?? []
  if (token !== undefined) {
    const proof = /^dpop$/i.test(scheme) ? proofOf(context, original, token) : undefined
    return tokenCaller(context, route, token, { headers: original.headers, remoteAddress }, proof)
  }
  const bodySha256 = coveredHash(original)
  const signable = { ...original, remoteAddress, bodySha256Hex: bodySha256 ?? '' }
  if (bodySha256 === undefined && parseSignedRequest(signable).kind !== 'none')
    throw new ApiError(
      'IncompleteSignatureException',
      'The request may have a body that its signature does not cover: sign its hash in x-amz-content-sha256.',
    )
  const rules = { service: route.service, regions: context.config.regions, skewSeconds: SKEW_SECONDS }
  const caller = await verifySignedRequest(context, signable, rules)
  return { caller, identity: signedIdentity(caller), ...(bodySha256 !== undefined && { bodySha256 }) }
}
