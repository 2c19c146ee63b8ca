// Encoded authorization messages: why a request was denied, sealed so that only callers who may call
// DecodeAuthorizationMessage can read it. A denial of the gate carries one (docs/gate.md), as denials of AWS's own
// resources do.

import { principalUserId } from '../../authorization/principal.ts'
import type { Sealer } from '../../crypto/seal.ts'
import type { SignedCaller } from '../../operation.ts'
import type { Decision } from '../../policy/evaluate.ts'
import { limits } from '../limits.ts'

const PURPOSE = 'authorization message'

export interface DeniedRequest {
  caller: Pick<SignedCaller, 'arn' | 'accountId' | 'principal'>
  action: string
  resource: string
  decision: Decision & { allowed: false }
}

/** The message, or undefined when it would be too long to be decoded. */
export function sealAuthorizationMessage(
  sealer: Sealer,
  { caller, action, resource, decision }: DeniedRequest,
): string | undefined {
  const sealed = sealer.sealJson(
    PURPOSE,
    {
      allowed: false,
      explicitDeny: decision.kind === 'explicit-deny',
      matchedStatements: {
        items: decision.matched.map(({ type, sid, position }) => ({
          statementId: sid ?? '',
          effect: 'DENY',
          sourcePolicyType: type,
          position,
        })),
      },
      failures: { items: [] },
      // The type of policy that denies the request, or should have allowed it.
      decidedBy: decision.in,
      context: {
        principal: { id: principalUserId(caller.accountId, caller.principal), arn: caller.arn },
        action,
        resource,
        conditions: { items: [] },
      },
    },
    caller.accountId,
  )
  return sealed.length > limits.encodedMessage.max ? undefined : sealed
}

/** The JSON text of a message that was sealed for this account; undefined for any other text. */
export const openAuthorizationMessage = (sealer: Sealer, message: string, accountId: string): string | undefined =>
  sealer.open(PURPOSE, message, accountId)?.toString()
