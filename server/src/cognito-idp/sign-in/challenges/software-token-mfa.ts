// SOFTWARE_TOKEN_MFA: a code of the user's authenticator app, as the second factor (docs/reference/user-pools.md 9.9).
// A wrong one leaves the session good.
import { tryToken } from '../../mfa/software-tokens.ts'
import { SignInRefused } from '../refused.ts'
import { openSession, signerOfSession, spendSession, usedOr } from '../session.ts'
import { type Challenge, requireParameter, withProof } from '../sign-in.ts'

export const softwareTokenMfa: Challenge = {
  announce: (_context, _request, { signer: { user, userId } }) => ({
    parameters: {
      USER_ID_FOR_SRP: userId,
      ...(user?.mfa.softwareTokenName !== undefined && { FRIENDLY_DEVICE_NAME: user.mfa.softwareTokenName }),
    },
  }),
  answer: async (context, request) => {
    const code = requireParameter(request, 'SOFTWARE_TOKEN_MFA_CODE')
    const session = openSession(context, request, 'SOFTWARE_TOKEN_MFA')
    const signer = await signerOfSession(context, request, session)
    const { pool } = request
    const { user } = signer
    if (!user?.mfa.hasSoftwareToken) throw await usedOr(context.db, pool.id, session, 'invalid-session')
    const tried = await tryToken(context, user, code, request.remoteAddress)
    if (tried.outcome === 'wrong') throw new SignInRefused('wrong-software-token', user)
    // Whoever sends a used session again is told so, as at every other challenge.
    if (tried.outcome === 'used') throw await usedOr(context.db, pool.id, session, 'used-software-token')
    await context.database.transaction(async (db) => {
      await spendSession(db, pool.id, session)
      if (!(await tried.use(db))) throw new SignInRefused('used-software-token', user)
    })
    return { kind: 'progress', signer, state: withProof(session.state, 'software-token') }
  },
}
