// The code of a sign-in: sent with a challenge, tried at its answer. It is bound to the session of its challenge, so that
// two sign-ins of one user do not void each other's; its tries are counted in the database (codes/codes.ts), as a session
// may be answered any number of times at once. As the first factor it must not tell who exists, where the client hides
// that: whoever gets no code gets a simulated one (codes/simulated-code.ts).
import type { Context } from '../../context.ts'
import type { ChallengeNameType, CodeDeliveryDetailsType } from '../../contract/cognito-idp.types.ts'
import { newUuid } from '../../effects/uuid.ts'
import { requireDelivery } from '../../messages/can-deliver.ts'
import { type Contact, mediumOf } from '../../messages/delivery-rules.ts'
import { type CodeRequest, type SignInPurpose, sendCodeAlone, tryCode } from '../codes/codes.ts'
import { sendCodeOrHide, simulateCode } from '../codes/simulated-code.ts'
import type { StoredUser } from '../users/user-store.ts'
import { SignInRefused } from './refused.ts'
import { openSession, type Session, sessionMs, signerOfSession, usedOr } from './session.ts'
import {
  type Announcement,
  type Outcome,
  type Progress,
  type Proof,
  requireParameter,
  type Signer,
  type SignInRequest,
  withProof,
} from './sign-in.ts'
import { spendFirstCode, spendSecondCode, spendSetUpCode } from './spent-code.ts'
import { codeRefusal, hidesExistence } from './user-state-rules.ts'

const purposeOf = (id: string): SignInPurpose => `sign-in:${id}`

const isFirstFactor = ({ state }: Pick<Progress, 'state'>): boolean => state.proofs.length === 0

type Code = Omit<CodeRequest, 'user'> & { purpose: SignInPurpose; livesMs: number }

/** Sends a code to a contact of the user. Rejects as `prepareCode` does, and with SignInRefused. Two round trips. */
export async function announceCode(
  context: Context,
  request: SignInRequest,
  progress: Progress,
  contact: Contact,
): Promise<Announcement> {
  const { signer } = progress
  const first = isFirstFactor(progress)
  const present = signer.user?.attributes[contact]
  const value = present || (first ? signer.simulated?.value : undefined)
  // A trigger of the pool may ask anybody for a code.
  if (!value) throw new SignInRefused('no-second-factor', signer.user?.sub)
  const id = newUuid(context.random)
  const code: Code = {
    pool: request.pool,
    purpose: purposeOf(id),
    livesMs: sessionMs(request),
    message: 'authentication',
    attribute: contact,
    value,
    asker: { address: request.remoteAddress },
    clientId: request.client.clientId,
    clientMetadata: request.clientMetadata,
  }
  const details = await (first
    ? sendFirst(context, request, signer, code)
    : sendCodeAlone(context, { ...code, user: signer.user as StoredUser }))
  if (!details) throw new SignInRefused('invalid-session')
  return {
    parameters: {
      CODE_DELIVERY_DELIVERY_MEDIUM: details.DeliveryMedium as string,
      CODE_DELIVERY_DESTINATION: details.Destination as string,
      USER_ID_FOR_SRP: signer.userId,
    },
    pending: { code: id },
  }
}

/** Sends the code of a first factor, or seems to. */
async function sendFirst(
  context: Context,
  { client }: SignInRequest,
  { user, subject, userId: name }: Signer,
  code: Code,
): Promise<CodeDeliveryDetailsType | undefined> {
  // Said to everybody alike: an error about the medium of some users would tell who they are.
  requireDelivery(context, mediumOf(code.attribute))
  const refusal = user && codeRefusal(user)
  if (user?.attributes[code.attribute] && !refusal)
    return sendCodeOrHide(context, client.settings, name, { ...code, user })
  if (refusal && !hidesExistence(client.settings)) throw new SignInRefused(refusal, subject)
  return simulateCode(context, code.pool, { ...code, subject, name })
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
  const { user } = signer
  const tried = await tryCode(
    context,
    pool,
    { sub: signer.subject },
    purposeOf(codeOf(session)),
    code,
    request.remoteAddress,
  )
  if (tried.outcome === 'wrong') throw new SignInRefused('wrong-code', user)
  const { settingUp, ...state } = session.state
  const present = user?.attributes[tried.outcome === 'right' ? tried.attribute : '']
  // A code that was sent to an address which the user no longer has proves nothing; one that is set up is not there yet.
  if (tried.outcome !== 'right' || !user || (present !== tried.value && (present || !settingUp)))
    throw await usedOr(context.db, pool.id, session, 'expired-code')
  const spend = settingUp ? spendSetUpCode : isFirstFactor(session) ? spendFirstCode : spendSecondCode
  const proven = await spend(context, request, session, user, tried)
  return { kind: 'progress', signer: { ...signer, user: proven }, state: withProof(state, proof) }
}

const codeOf = ({ state }: Session): string => state.pending?.code as string
