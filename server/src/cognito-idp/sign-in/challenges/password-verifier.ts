// PASSWORD_VERIFIER, the second half of SRP (docs/reference/user-pools.md 9.2). The secret block may be used once,
// whatever the outcome, against replay. Round trips: spending the block beside reading the user, then counting the
// guess beside reading the groups. Costly work: two exponentiations, then two signatures.
import { sha256Text } from '../../../crypto/digest.ts'
import { passwordClaimMatches, passwordClaimSignature } from '../../../crypto/srp.ts'
import { poolNamePart } from '../../user-pools/pool-settings.ts'
import { candidateBySubject, provePassword } from '../password-check.ts'
import { invalidSessionError, spendSession } from '../session.ts'
import { requireParameter, type Step } from '../sign-in.ts'
import { openSecretBlock } from '../srp-secret-block.ts'
import { timestampIsNear } from '../srp-timestamp.ts'

export const passwordVerifier: Step = async (context, request) => {
  const secretBlock = requireParameter(request, 'PASSWORD_CLAIM_SECRET_BLOCK')
  const claim = requireParameter(request, 'PASSWORD_CLAIM_SIGNATURE')
  const timestamp = requireParameter(request, 'TIMESTAMP')
  const block = openSecretBlock(context, request, secretBlock)
  // Clients send USER_ID_FOR_SRP, or the name that they sent to InitiateAuth.
  const name = requireParameter(request, 'USERNAME')
  if (name !== block.userId && sha256Text(name) !== block.nameHash) throw invalidSessionError()
  const [candidate] = await Promise.all([
    candidateBySubject(context, request, block),
    spendSession(context.db, request.pool.id, block),
  ])
  return provePassword(context, request, candidate, async () => {
    const key = await context.work.run('srpKey', {
      A: block.A,
      B: block.B,
      b: block.b,
      verifier: candidate.credential.verifier,
    })
    if (!key) return false
    const expected = passwordClaimSignature(
      key,
      poolNamePart(request.pool.id),
      block.userId,
      Buffer.from(secretBlock, 'base64'),
      timestamp,
    )
    return passwordClaimMatches(expected, claim) && timestampIsNear(timestamp, context.clock.now())
  })
}
