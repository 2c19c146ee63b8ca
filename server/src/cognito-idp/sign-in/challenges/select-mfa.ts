// SELECT_MFA_TYPE: the user chooses one of several second factors (docs/reference/user-pools.md 9.9).
import { ApiError } from '../../../errors.ts'
import { secondFactorNames } from '../factor-rules.ts'
import { openSession, signerOfSession, spendSession } from '../session.ts'
import { type Challenge, requireParameter } from '../sign-in.ts'

export const selectMfaType: Challenge = {
  announce: (_context, _request, { signer }, among) => ({
    parameters: { MFAS_CAN_CHOOSE: JSON.stringify(among), USER_ID_FOR_SRP: signer.userId },
  }),
  answer: async (context, request) => {
    const answer = requireParameter(request, 'ANSWER')
    const session = openSession(context, request, 'SELECT_MFA_TYPE')
    const signer = await signerOfSession(context, request, session)
    // next-step.ts goes by the choice only where it is one of the user's.
    const chosen = secondFactorNames.find((name) => name === answer)
    if (chosen === undefined) throw new ApiError('InvalidParameterException', `Invalid MFA type ${answer}`)
    await spendSession(context.db, request.pool.id, session)
    return { kind: 'progress', signer, state: { ...session.state, chosen } }
  },
}
