// The functions of the Lambda triggers of the bench's user pools, in whichever way they are called: the least that works, so
// that what is measured is the calling. A worker thread and serve.mjs import it; the load serves it by HTTP.
import { createServer } from 'node:http'

const WEBHOOK_KEY = 'no-secret-the-bench-is-on-one-machine'

/** A function's ARN by its way (docs/triggers.md). */
export const arnOf = (way) => `arn:aws:lambda:us-east-1:000000000000:function:bench-${way}`

/** The four ways. `handler` is a function of the server's own process. */
export const ways = ['handler', 'module', 'webhook', 'lambda']

/** What TRIGGERS_FILE holds; the load answers at `port`. */
export const triggerPlaces = (port) => ({
  [arnOf('module')]: { module: new URL(import.meta.url).pathname },
  [arnOf('webhook')]: { webhook: `http://127.0.0.1:${port}/webhook`, key: WEBHOOK_KEY },
  [arnOf('lambda')]: { lambda: `http://127.0.0.1:${port}` },
})

const answers = {
  TokenGeneration: () => ({ claimsOverrideDetails: { claimsToAddOrOverride: { tier: 'gold' } } }),
  DefineAuthChallenge: ({ session: [result] }) =>
    result === undefined
      ? { challengeName: 'CUSTOM_CHALLENGE' }
      : { issueTokens: result.challengeResult, failAuthentication: !result.challengeResult },
  CreateAuthChallenge: () => ({ privateChallengeParameters: { answer: 'sesame' } }),
  VerifyAuthChallengeResponse: ({ challengeAnswer, privateChallengeParameters }) => ({
    answerCorrect: challengeAnswer === privateChallengeParameters.answer,
  }),
}

export const handler = async (event) => ({
  ...event,
  response: answers[event.triggerSource.split('_')[0]](event.request),
})

/** Answers webhooks and the Lambda API alike. Resolves when it listens. */
export function serveFunctions(port) {
  const server = createServer(async (request, response) => {
    let body = ''
    for await (const chunk of request) body += chunk
    response.end(JSON.stringify(await handler(JSON.parse(body))))
  })
  return new Promise((done, failed) => server.once('error', failed).listen(port, '127.0.0.1', done))
}
