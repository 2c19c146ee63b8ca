// A recovery code in the place of a second factor's code: recognised by its form, so that it goes where clients send the
// code of the challenge (docs/decisions/recovery-codes.md). A wrong one leaves the session good.
import type { Context } from '../../context.ts'
import type { ChallengeNameType } from '../../contract/cognito-idp.types.ts'
import { recoveryCodeUsed } from '../../events.ts'
import { recoveryCodeIn } from '../recovery-codes/recovery-code-rules.ts'
import { tryRecoveryCode } from '../recovery-codes/recovery-codes.ts'
import { tellRecoveryCodeUsed } from '../recovery-codes/tell-used.ts'
import { recoveryCodeCount } from '../tags/cognomen-tag-rules.ts'
import { SignInRefused } from './refused.ts'
import { openSession, type Session, signerOfSession, spendSession, usedOr } from './session.ts'
import { type Challenge, type Outcome, type SignInRequest, withProof } from './sign-in.ts'

/** A challenge that asks for a second factor; a recovery code in `parameter` answers it as well. */
export const orRecoveryCode = (name: ChallengeNameType, parameter: string, challenge: Challenge): Challenge => ({
  ...challenge,
  answer: async (context, request) => {
    const code = recoveryCodeIn(request.parameters[parameter])
    if (code === undefined || recoveryCodeCount(request.pool.settings) === undefined)
      return challenge.answer(context, request)
    const session = openSession(context, request, name)
    return asksForSecond(session)
      ? answerRecoveryCode(context, request, session, name, code)
      : challenge.answer(context, request)
  },
})

/** Not the code of a first factor, nor one that proves the address of a new factor. */
const asksForSecond = ({ state: { proofs, settingUp } }: Session): boolean => proofs.length > 0 && !settingUp

async function answerRecoveryCode(
  context: Context,
  request: SignInRequest,
  session: Session,
  name: ChallengeNameType,
  code: string,
): Promise<Outcome> {
  const signer = await signerOfSession(context, request, session)
  const { pool, client, remoteAddress: address } = request
  const { user } = signer
  if (!user) throw await usedOr(context.db, pool.id, session, 'invalid-session')
  const tried = await tryRecoveryCode(context, user, code, address)
  // Of several requests with one code and one session, all but the first are told that the session was used.
  if (!tried) throw await usedOr(context.db, pool.id, session, 'wrong-recovery-code')
  await context.database.transaction(async (db) => {
    await spendSession(db, pool.id, session)
    if (!(await tried.spend(db))) throw new SignInRefused('wrong-recovery-code', user.sub)
  })
  const { left } = tried
  recoveryCodeUsed(context, { pool: pool.id, client: client.clientId, sub: user.sub, left })
  await tellRecoveryCodeUsed(context, { pool, user, left, address })
  return { kind: 'progress', signer, state: withProof(session.state, 'recovery-code', name) }
}
