// CUSTOM_CHALLENGE: the pool's CreateAuthChallenge trigger makes it, VerifyAuthChallengeResponse judges the answer
// (docs/reference/user-pools.md 9.5). A wrong answer ends nothing: DefineAuthChallenge decides what follows. Answers are
// counted like guesses at a password, over all sign-ins of the user: whoever may begin one may begin any number.
import { callTrigger, functionFailed, unrecognizableError } from '../../../triggers/call.ts'
import { createAuthChallenge } from '../../../triggers/events/create-auth-challenge.ts'
import { verifyAuthChallengeResponse } from '../../../triggers/events/verify-auth-challenge-response.ts'
import { customStateOf, keepCustomState } from '../custom-state.ts'
import { tryGuess } from '../guess.ts'
import { occasionOf, whoOf } from '../occasion.ts'
import { SignInRefused } from '../refused.ts'
import { openSession, releaseSession, signerOfSession, spendSession } from '../session.ts'
import { type Challenge, requireParameter } from '../sign-in.ts'

export const customChallenge: Challenge = {
  announce: async (context, request, { signer, history = [] }) => {
    const made = await callTrigger(
      context,
      createAuthChallenge,
      occasionOf(request, signer, 'CreateAuthChallenge_Authentication'),
      {
        ...whoOf(signer),
        challengeName: 'CUSTOM_CHALLENGE',
        session: history,
        clientMetadata: request.clientMetadata,
      },
    )
    if (!made) throw unrecognizableError()
    return {
      parameters: { ...made.publicChallengeParameters, USERNAME: signer.userId },
      custom: await keepCustomState(context, request, {
        history,
        secrets: made.privateChallengeParameters,
        metadata: made.challengeMetadata,
      }),
    }
  },

  answer: async (context, request) => {
    const challengeAnswer = requireParameter(request, 'ANSWER')
    const session = openSession(context, request, 'CUSTOM_CHALLENGE')
    const signer = await signerOfSession(context, request, session)
    const { secrets, metadata } = await customStateOf(context, request, session.state.custom)
    // Spent before the answer is judged, so that of answers at the same time one is.
    await spendSession(context.db, request.pool.id, session)
    const release = () => releaseSession(context.db, request.pool.id, session)
    const { pool } = request
    const { subject } = signer
    const guess = { userPoolId: pool.id, subject, kind: 'custom-challenge', guesses: undefined, byTrigger: true }
    const outcome = await tryGuess(context, guess, async () => {
      const judged = await callTrigger(
        context,
        verifyAuthChallengeResponse,
        occasionOf(request, signer, 'VerifyAuthChallengeResponse_Authentication'),
        {
          ...whoOf(signer),
          privateChallengeParameters: secrets ?? {},
          challengeAnswer,
          clientMetadata: request.clientMetadata,
        },
      )
      if (!judged) throw unrecognizableError()
      return judged.answerCorrect && signer.user !== undefined
    }).catch(async (error) => {
      // Nothing was judged: the user may answer again. An error that the function throws is its judgement.
      if (functionFailed(error)) await release()
      throw error
    })
    if (outcome === 'locked') {
      await release()
      throw new SignInRefused('locked', signer.user?.sub)
    }
    const result = {
      challengeName: 'CUSTOM_CHALLENGE',
      challengeResult: outcome === 'right',
      challengeMetadata: metadata,
    }
    return { kind: 'progress', signer, state: { ...session.state, result } }
  },
}
