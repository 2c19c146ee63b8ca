// The decision of the gate: authenticates the caller by signature or token, then evaluates its policies for the action
// and resource of the route.
import { createHash } from 'node:crypto'
import { type Authorization, decide } from '../authorization/authorize.ts'
import { verifySignedRequest } from '../authorization/signer.ts'
import { type GateRoute, routeTarget } from '../config/gate-routes.ts'
import type { Context } from '../context.ts'
import { ApiError } from '../errors.ts'
import { headerOf } from '../http/request.ts'
import type { SignedCaller } from '../operation.ts'
import { denialText } from '../policy/denial-text.ts'
import { sealAuthorizationMessage } from '../sts/denials/authorization-message.ts'
import { type GateIdentity, signedIdentity } from './identity.ts'
import { isPlainHost, isPlainPath, type OriginalRequest } from './original-request.ts'
import { tokenCaller } from './token-caller.ts'

export type GateDecision =
  | { allowed: true; identity: GateIdentity }
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

/** Decides on a request. Never throws because of what a client sent. */
export async function decideAtGate(
  context: Context,
  route: GateRoute,
  original: OriginalRequest,
  remoteAddress: string | undefined,
): Promise<GateDecision> {
  if (!isPlainPath(original.rawPath)) return refuse(403, 'AccessDenied', 'The path can be read in more than one way.')
  if (!isPlainHost(original.host)) return refuse(403, 'AccessDenied', 'The host is not a name or an address.')
  try {
    const { caller, identity } = await callerOf(context, route, original, remoteAddress)
    const { action, resource } = routeTarget(route, { ...original, path: original.rawPath })
    const request: Authorization = { action, resource: { arn: resource } }
    const decision = await decide(context, caller, request)
    if (decision.allowed) return { allowed: true, identity }
    const encoded = sealAuthorizationMessage(context.sealer, { caller, action, resource, decision })
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

/** The hash of the body in the header that the client sent; undefined for UNSIGNED-PAYLOAD. */
function signedHash(original: OriginalRequest): string | undefined {
  const hash = headerOf(original, 'x-amz-content-sha256')
  return hash !== undefined && /^[0-9a-f]{64}$/.test(hash) ? hash : undefined
}

export interface KnownCaller {
  caller: SignedCaller
  identity: GateIdentity
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
  const token = /^Bearer +([\w.~+/=-]+)$/i.exec(headerOf(original, 'authorization') ?? '')?.[1]
  if (token !== undefined) return tokenCaller(context, route, token, { headers: original.headers, remoteAddress })
  const caller = await verifySignedRequest(
    context,
    {
      ...original,
      remoteAddress,
      // The gate does not see the body. It verifies the hash that the client signed, and the server behind it compares
      // that with the body (docs/gate.md). Without such a hash only a request without a body can be verified.
      bodySha256Hex: original.bodySha256Hex ?? signedHash(original) ?? EMPTY_BODY,
    },
    { service: route.service, region: context.config.region, skewSeconds: SKEW_SECONDS },
  )
  return { caller, identity: signedIdentity(caller) }
}
