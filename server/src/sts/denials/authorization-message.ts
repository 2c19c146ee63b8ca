// Encoded authorization messages: why a request was denied, sealed so that only callers who may call
// DecodeAuthorizationMessage can read it. A denial of the gate carries one (docs/gate.md), as denials of AWS's own
// resources do.

import { principalUserId } from '../../authorization/principal.ts'
import type { Sealer } from '../../crypto/seal.ts'
import type { SignedCaller } from '../../operation.ts'
import type { Decision } from '../../policy/evaluate.ts'
import type { ContextValues } from '../../policy/request-context.ts'
import { limits } from '../limits.ts'

const PURPOSE = 'authorization message'

export interface DeniedRequest {
  caller: Pick<SignedCaller, 'arn' | 'accountId' | 'principal'>
  action: string
  resource: string
  conditions: ContextValues
  decision: Decision & { allowed: false }
}

/** The message, or undefined when it would be too long to be decoded even without its conditions. */
export function sealAuthorizationMessage(sealer: Sealer, denied: DeniedRequest): string | undefined {
  const none: ContextValues = new Map()
  return [denied.conditions, none]
    .map((conditions) => sealed(sealer, { ...denied, conditions }))
    .find((message) => message.length <= limits.encodedMessage.max)
}

function sealed(sealer: Sealer, { caller, action, resource, conditions, decision }: DeniedRequest): string {
  return sealer.sealJson(
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
        conditions: {
          items: [...conditions].map(([key, values]) => ({
            key,
            values: { items: values.map((value) => ({ value })) },
          })),
        },
      },
    },
    caller.accountId,
  )
}

/** The JSON text of a message that was sealed for this account; undefined for any other text. */
export const openAuthorizationMessage = (sealer: Sealer, message: string, accountId: string): string | undefined =>
  sealer.open(PURPOSE, message, accountId)?.toString()
