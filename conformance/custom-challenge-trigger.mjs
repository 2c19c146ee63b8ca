// The three triggers of custom sign-ins, in one function: a password first where the sign-in began with SRP, or comes from a
// server for users called `backend…`; then the word, which is `sesame`.
export const handler = async (event) => {
  const { request, response, triggerSource, userName } = event
  const last = request.session?.at(-1)
  const named = (challengeName) =>
    Object.assign(response, { challengeName, issueTokens: false, failAuthentication: false })
  switch (triggerSource.split('_')[0]) {
    case 'DefineAuthChallenge':
      if (last?.challengeName === 'SRP_A') named('PASSWORD_VERIFIER')
      else if (last === undefined && userName.startsWith('backend')) named('ADMIN_NO_SRP_AUTH')
      else if (last?.challengeName !== 'CUSTOM_CHALLENGE') named('CUSTOM_CHALLENGE')
      else Object.assign(response, { issueTokens: last.challengeResult, failAuthentication: !last.challengeResult })
      return event
    case 'CreateAuthChallenge':
      response.publicChallengeParameters = { hint: 'to open it' }
      response.privateChallengeParameters = { answer: 'sesame' }
      return event
    default:
      response.answerCorrect = request.challengeAnswer === request.privateChallengeParameters.answer
      return event
  }
}
