// The code of a sign-in: sent with a challenge, tried at its answer. It is bound to the session of its challenge, so that
// two sign-ins of one user do not void each other's; its tries are counted in the database (codes/codes.ts), as a session
// may be answered any number of times at once.
import type { Context } from '../../context.ts'
import type { ChallengeNameType } from '../../contract/cognito-idp.types.ts'
import { newUuid } from '../../effects/uuid.ts'
import type { Contact } from '../../messages/delivery-rules.ts'
import { spendCode } from '../codes/code-store.ts'
import { type CodePurpose, sendCodeAlone, tryCode } from '../codes/codes.ts'
import { SignInRefused } from './refused.ts'
import { openSession, type Session, sessionMs, signerOfSession, spendSession, usedOr } from './session.ts'
import {
  type Announcement,
  type Outcome,
  type Progress,
  type Proof,
  requireParameter,
  type SignInRequest,
  withProof,
} from './sign-in.ts'

const purposeOf = (id: string): CodePurpose => `sign-in:${id}`

/** Sends a code to a contact of the user. Rejects as `prepareCode` does. Two round trips. */
export async function announceCode(
  context: Context,
  request: SignInRequest,
  { signer }: Progress,
  contact: Contact,
): Promise<Announcement> {
  const { user, userId } = signer
  const value = user?.attributes[contact]
  if (!user || !value) throw new Error(`A code was to be sent to a user without ${contact}.`)
  const id = newUuid(context.random)
  const details = await sendCodeAlone(context, {
    pool: request.pool,
    user,
    purpose: purposeOf(id),
    livesMs: sessionMs(request),
    message: 'authentication',
    attribute: contact,
    value,
    asker: { address: request.remoteAddress },
  })
  if (!details) throw new SignInRefused('invalid-session')
  return {
    parameters: {
      CODE_DELIVERY_DELIVERY_MEDIUM: details.DeliveryMedium as string,
      CODE_DELIVERY_DESTINATION: details.Destination as string,
      USER_ID_FOR_SRP: userId,
    },
    pending: { code: id },
  }
}

interface CodeAnswer {
  challenge: ChallengeNameType
  /** The key of ChallengeResponses that holds the code. */
  parameter: string
  proof: Proof
}

/** Tries the code of an answer. A wrong one leaves the session good, until the code's tries are used up. */
export async function answerCode(
  context: Context,
  request: SignInRequest,
  { challenge, parameter, proof }: CodeAnswer,
): Promise<Outcome> {
  const code = requireParameter(request, parameter)
  const session = openSession(context, request, challenge)
  const signer = await signerOfSession(context, request, session)
  const { pool } = request
  const tried = await tryCode(
    context,
    pool,
    { sub: signer.subject },
    purposeOf(codeOf(session)),
    code,
    request.remoteAddress,
  )
  if (tried.outcome === 'wrong') throw new SignInRefused('wrong-code', signer.user?.sub)
  if (tried.outcome !== 'right') throw await usedOr(context.db, pool.id, session, 'expired-code')
  const spent = await context.database.transaction(async (db) => {
    await spendSession(db, pool.id, session)
    return spendCode(db, tried.row)
  })
  if (!spent) throw new SignInRefused('used-session', signer.user?.sub)
  return { kind: 'progress', signer, state: withProof(session.state, proof) }
}

const codeOf = ({ state }: Session): string => state.pending?.code as string
