// PASSWORD_VERIFIER: SRP (docs/reference/user-pools.md 9.2). The challenge is B for the client's A; what the answer needs
// is sealed into SECRET_BLOCK, so nothing is stored and any process can judge the answer. The secret block may be used
// once, whatever the outcome, against replay. Round trips of the answer: spending the block beside reading the user, then
// counting the guess beside reading the groups. Costly work: one exponentiation for the challenge, two for the answer, then
// two signatures.
import { sha256Text } from '../../../crypto/digest.ts'
import { passwordClaimMatches, passwordClaimSignature } from '../../../crypto/srp.ts'
import { poolNamePart } from '../../user-pools/pool-settings.ts'
import { checkDevice } from '../known-device.ts'
import { candidateBySubject, candidateOf, provePassword } from '../password-check.ts'
import { SignInRefused } from '../refused.ts'
import { openSession, spendSession } from '../session.ts'
import { type Challenge, requireParameter } from '../sign-in.ts'
import { requireSrpA } from '../srp-a.ts'
import { openSecretBlock, sealSecretBlock } from '../srp-secret-block.ts'
import { timestampIsNear } from '../srp-timestamp.ts'

export const passwordVerifier: Challenge = {
  announce: async (context, request, { signer, state }) => {
    const A = requireSrpA(request)
    const { subject, userId, credential } = await candidateOf(context, request, signer)
    const { b, B } = await context.work.run('srpEphemeral', { verifier: credential.verifier })
    const nameHash = sha256Text(requireParameter(request, 'USERNAME'))
    return {
      parameters: {
        SALT: Buffer.from(credential.salt).toString('hex'),
        SECRET_BLOCK: sealSecretBlock(context, request, { subject, nameHash, userId, state, A, B, b }),
        SRP_B: Buffer.from(B).toString('hex'),
        USERNAME: userId,
        USER_ID_FOR_SRP: userId,
      },
      // Clients of USER_SRP_AUTH send no Session (docs/reference/user-pools.md 9.1).
      withoutSession: state.began === 'password',
    }
  },

  answer: async (context, request) => {
    const secretBlock = requireParameter(request, 'PASSWORD_CLAIM_SECRET_BLOCK')
    const claim = requireParameter(request, 'PASSWORD_CLAIM_SIGNATURE')
    const timestamp = requireParameter(request, 'TIMESTAMP')
    const block = openSecretBlock(context, request, secretBlock)
    if (
      block.state.began !== 'password' &&
      openSession(context, request, 'PASSWORD_VERIFIER').subject !== block.subject
    )
      throw new SignInRefused('invalid-session')
    // Clients send USER_ID_FOR_SRP, or the name that they sent to InitiateAuth.
    const name = requireParameter(request, 'USERNAME')
    if (name !== block.userId && sha256Text(name) !== block.nameHash) throw new SignInRefused('invalid-session')
    await checkDevice(context, request, block)
    const [candidate] = await Promise.all([
      candidateBySubject(context, request, block),
      spendSession(context.db, request.pool.id, block),
    ])
    return provePassword(context, request, candidate, block.state, async () => {
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
  },
}
