// DEVICE_PASSWORD_VERIFIER: the second half of SRP for a device, whose group key and key are in the places of pool and user
// (docs/reference/user-pools.md 10). As with a password, what the answer needs is sealed into SECRET_BLOCK; the block
// belongs to the session of its challenge, which may be used once, whatever the outcome. Costly work: one exponentiation
// for the challenge, two for the answer, then two signatures.
import { sha256Text } from '../../../crypto/digest.ts'
import { passwordClaimMatches, passwordClaimSignature } from '../../../crypto/srp.ts'
import { deviceGroupKey } from '../../devices/device-rules.ts'
import { openDeviceSecret } from '../../devices/device-secret.ts'
import { noteSignIn } from '../../devices/device-store.ts'
import { tryGuess } from '../guess.ts'
import { requireDeviceOf } from '../known-device.ts'
import { SignInRefused } from '../refused.ts'
import { openSession, type Session, signerOfSession, spendSession } from '../session.ts'
import { type Challenge, requireParameter, type SignInState, withProof } from '../sign-in.ts'
import { requireSrpA } from '../srp-a.ts'
import { openSecretBlock, sealSecretBlock } from '../srp-secret-block.ts'
import { timestampIsNear } from '../srp-timestamp.ts'

const PURPOSE = 'device-secret-block'

const keyOf = ({ device }: SignInState): string => device?.key as string

// 132 bits: a session has little room (session.ts).
const nameOf = (secretBlock: string): string => sha256Text(secretBlock).slice(0, 22)

const isOfSession = ({ state }: Session, secretBlock: string): boolean => state.pending?.block === nameOf(secretBlock)

export const devicePasswordVerifier: Challenge = {
  announce: async (context, request, { signer, state }) => {
    const A = requireSrpA(request)
    const { subject, userId } = signer
    const device = await requireDeviceOf(context, request, subject, keyOf(state))
    const { salt, verifier } = openDeviceSecret(context, device)
    const { b, B } = await context.work.run('srpEphemeral', { verifier })
    const exchange = { subject, userId, nameHash: '', state, A, B, b }
    const secretBlock = sealSecretBlock(context, request, exchange, PURPOSE)
    return {
      parameters: {
        SALT: Buffer.from(salt).toString('hex'),
        SECRET_BLOCK: secretBlock,
        SRP_B: Buffer.from(B).toString('hex'),
        DEVICE_KEY: device.key,
        USERNAME: userId,
      },
      pending: { block: nameOf(secretBlock) },
    }
  },

  answer: async (context, request) => {
    const secretBlock = requireParameter(request, 'PASSWORD_CLAIM_SECRET_BLOCK')
    const claim = requireParameter(request, 'PASSWORD_CLAIM_SIGNATURE')
    const timestamp = requireParameter(request, 'TIMESTAMP')
    const { db } = context
    const session = openSession(context, request, 'DEVICE_PASSWORD_VERIFIER')
    if (!isOfSession(session, secretBlock)) throw new SignInRefused('invalid-session')
    const { A, B, b } = openSecretBlock(context, request, secretBlock, PURPOSE)
    const { subject, state } = session
    const key = keyOf(state)
    if (requireParameter(request, 'DEVICE_KEY') !== key) throw new SignInRefused('invalid-session')
    const [signer, device] = await Promise.all([
      signerOfSession(context, request, session),
      requireDeviceOf(context, request, subject, key),
    ])
    await spendSession(db, request.pool.id, session)
    const sub = signer.user?.sub
    const guess = { userPoolId: request.pool.id, subject, kind: `device:${key}`, guesses: undefined }
    const outcome = await tryGuess(context, guess, async () => {
      const { verifier } = openDeviceSecret(context, device)
      const shared = await context.work.run('srpKey', { A, B, b, verifier })
      if (!shared) return false
      const block = Buffer.from(secretBlock, 'base64')
      const expected = passwordClaimSignature(shared, deviceGroupKey(request.pool.id), key, block, timestamp)
      return passwordClaimMatches(expected, claim) && timestampIsNear(timestamp, context.clock.now())
    })
    if (outcome !== 'right')
      throw new SignInRefused(outcome === 'locked' ? 'locked' : 'wrong-device-secret', signer.user)
    if (!(await noteSignIn(db, device, request.remoteAddress, context.clock.now())))
      throw new SignInRefused('unknown-device', sub)
    const proved = { ...state, device: { key, remembered: device.remembered } }
    return { kind: 'progress', signer, state: withProof(proved, 'device') }
  },
}
