// USER_SRP_AUTH, the first half of SRP (docs/reference/user-pools.md 9.2): returns B for the client's A. What the
// second half needs is sealed into SECRET_BLOCK, so nothing is stored and any process can run the second half. Round
// trips: looking up the name (none for a sub), reading the user. Costly work: one exponentiation.
import { sha256Text } from '../../../crypto/digest.ts'
import { parseSrpA } from '../../../crypto/srp.ts'
import { ApiError } from '../../../errors.ts'
import { findCandidate } from '../password-check.ts'
import { requireParameter, type Step } from '../sign-in.ts'
import { sealSecretBlock } from '../srp-secret-block.ts'

export const userSrp: Step = async (context, request) => {
  const name = requireParameter(request, 'USERNAME')
  const A = parseSrpA(requireParameter(request, 'SRP_A'))
  if (!A) throw new ApiError('InvalidParameterException', 'Invalid SRP_A')
  const { subject, userId, credential } = await findCandidate(context, request, name)
  const { b, B } = await context.work.run('srpEphemeral', { verifier: credential.verifier })
  return {
    kind: 'challenge',
    name: 'PASSWORD_VERIFIER',
    parameters: {
      SALT: Buffer.from(credential.salt).toString('hex'),
      SECRET_BLOCK: sealSecretBlock(context, request, { subject, nameHash: sha256Text(name), userId, A, B, b }),
      SRP_B: Buffer.from(B).toString('hex'),
      USERNAME: userId,
      USER_ID_FOR_SRP: userId,
    },
  }
}
