// DEVICE_SRP_AUTH: the device that the sign-in named begins SRP with a password of its own
// (docs/reference/user-pools.md 10). What follows is DEVICE_PASSWORD_VERIFIER, for the SRP_A of this answer.
//
// After a second factor, amazon-cognito-identity-js answers with the session of the second factor instead of the one that
// came with DEVICE_SRP_AUTH (docs/reference/user-pools.md 23.1). So a rightly answered one is accepted as well: that
// DEVICE_SRP_AUTH followed it is recorded, and of both sessions one may be used, once.
import type { Context } from '../../../context.ts'
import { secondFactorNames, secondFactors } from '../factor-rules.ts'
import { requireDeviceOf } from '../known-device.ts'
import { SignInRefused } from '../refused.ts'
import { openSession, readSession, type Session, sessionMs, signerOfSession, spendSession } from '../session.ts'
import {
  type Challenge,
  type Progress,
  requireParameter,
  type SignInRequest,
  type SignInState,
  withProof,
} from '../sign-in.ts'
import { spendId, wasSpent } from '../spent-id-store.ts'
import { requireSrpA } from '../srp-a.ts'

const followedId = (id: string): string => `followed ${id}`
/** Spent by the answer to a DEVICE_SRP_AUTH that followed a second factor, with either session. */
const answeredId = (id: string): string => `answered after ${id}`

/** The state after a right answer to the second factor that a session asks for; undefined where it asks for something else. */
function stateAfter({ challenge, state }: Session): SignInState | undefined {
  const factor = secondFactorNames.find((name) => name === challenge)
  return factor && withProof(state, secondFactors[factor].proof)
}

/** The second factor's session, when the request has answered it rightly. */
function answeredSession(context: Context, request: SignInRequest, { signer, state }: Progress): Session | undefined {
  const session = readSession(context, request)
  const after = session?.subject === signer.subject ? stateAfter(session) : undefined
  return after && after.proofs.join() === state.proofs.join() ? session : undefined
}

/** The session, the state at DEVICE_SRP_AUTH, and the id to spend. */
async function openDeviceSession(
  context: Context,
  request: SignInRequest,
): Promise<{ session: Session; state: SignInState; id: string }> {
  const session = openSession(context, request, 'DEVICE_SRP_AUTH', ...secondFactorNames)
  const after = stateAfter(session)
  if (!after) {
    const { pending, ...state } = session.state
    return { session, state, id: pending ? answeredId(pending.after as string) : session.id }
  }
  if (!(await wasSpent(context.db, followedId(session.id), request.pool.id))) throw new SignInRefused('invalid-session')
  return { session, state: after, id: answeredId(session.id) }
}

export const deviceSrpAuth: Challenge = {
  announce: async (context, request, progress) => {
    const parameters = { USERNAME: progress.signer.userId }
    const answered = answeredSession(context, request, progress)
    if (!answered) return { parameters }
    const expiresAt = context.clock.now() + sessionMs(request)
    await spendId(context.db, { id: followedId(answered.id), userPoolId: request.pool.id, expiresAt })
    return { parameters, pending: { after: answered.id } }
  },

  answer: async (context, request) => {
    const key = requireParameter(request, 'DEVICE_KEY')
    requireSrpA(request)
    const { session, state, id } = await openDeviceSession(context, request)
    const [signer, { remembered }] = await Promise.all([
      signerOfSession(context, request, session),
      requireDeviceOf(context, request, session.subject, key),
    ])
    if (key !== state.device?.key) throw new SignInRefused('invalid-session', signer.user?.sub)
    await spendSession(context.db, request.pool.id, { ...session, id })
    // What was chosen is over, and a session has little room (session.ts).
    const { chosen, settingUp, ...kept } = state
    return { kind: 'progress', signer, state: { ...kept, device: { key, remembered, begun: true } } }
  },
}
