// Codes as the first factor, at a client that hides who exists: what nobody, a disabled user, and a user whose address has
// had its messages are shown is what everybody is shown, in the same statements. The texts of all states are compared by
// server/test/refusals/existence.test.ts.
import {
  AdminDisableUserCommand,
  type CreateUserPoolCommandInput,
  InitiateAuthCommand,
} from '@aws-sdk/client-cognito-identity-provider'
import { describe, expect, it } from 'vitest'
import { responder } from '../../../test/challenges.ts'
import { statementsOf } from '../../../test/executed-statements.ts'
import { ALL_FLOWS, engines, expectRefusal, makeUser, usePool, useTestServer } from '../../../test/harness.ts'

const pool: Partial<CreateUserPoolCommandInput> = {
  Policies: { SignInPolicy: { AllowedFirstAuthFactors: ['PASSWORD', 'EMAIL_OTP', 'SMS_OTP'] } },
}
const client = {
  ExplicitAuthFlows: [...ALL_FLOWS, 'ALLOW_USER_AUTH' as const],
  PreventUserExistenceErrors: 'ENABLED' as const,
}
const WRONG_CODE = 'Invalid code or auth state for the user.'

describe.each(engines)('codes where it is hidden who exists, on %s', (engine) => {
  const server = useTestServer({ engine, env: { EMAIL_BUDGETS: 'destination 2/hour 4/day' } })
  const at = usePool(server, { pool, client })
  const respond = responder(server, at)

  const begin = (USERNAME: string, PREFERRED_CHALLENGE = 'EMAIL_OTP') =>
    server.app.send(
      new InitiateAuthCommand({
        ClientId: at.clientId,
        AuthFlow: 'USER_AUTH',
        AuthParameters: { USERNAME, PREFERRED_CHALLENGE },
      }),
    )
  const user = (name: string) =>
    makeUser(server, at.poolId, name, { email: `${name}@example.org`, email_verified: 'true' })
  const messagesTo = async (name: string) =>
    (await server.outbox.messages(100)).filter(({ to }) => to === `${name}@example.org`).length
  const shown = async (name: string) => {
    const { ChallengeName, ChallengeParameters, Session } = await begin(name)
    return { ChallengeName, keys: Object.keys(ChallengeParameters ?? {}), length: Session?.length }
  }

  it('nobody is shown one destination, always the same, and no code is right', async () => {
    const first = await begin('ghost')
    expect(first).toMatchObject({
      ChallengeName: 'EMAIL_OTP',
      ChallengeParameters: {
        CODE_DELIVERY_DELIVERY_MEDIUM: 'EMAIL',
        CODE_DELIVERY_DESTINATION: expect.stringMatching(/^[a-z]\*\*\*@[a-z]\*\*\*$/),
        USER_ID_FOR_SRP: 'ghost',
      },
    })
    expect((await begin('ghost')).ChallengeParameters).toEqual(first.ChallengeParameters)
    const answer = () => respond('EMAIL_OTP', { USERNAME: 'ghost', EMAIL_OTP_CODE: '000000' }, first.Session)
    for (let time = 0; time < 5; time++) await expectRefusal(answer(), 'CodeMismatchException', WRONG_CODE)
    await expectRefusal(answer(), 'ExpiredCodeException')
  })

  it('a spent budget of a destination tells nothing, and no message goes out', async () => {
    await user('eager')
    const answers = []
    for (let time = 0; time < 4; time++) answers.push(await shown('eager'), await shown('eager-nobody'))
    expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1)
    expect(await messagesTo('eager')).toBe(2)
  })

  it('a disabled user gets no code, and is not told apart', async () => {
    await user('gone')
    await server.admin.send(new AdminDisableUserCommand({ UserPoolId: at.poolId, Username: 'gone' }))
    expect(await shown('gone')).toEqual(await shown('gone-nobody'))
    expect(await messagesTo('gone')).toBe(0)
  })

  it('runs the same statements for nobody', async () => {
    await user('real')
    /** What requests wait for; messages are delivered beside them. */
    const run = async (work: () => Promise<unknown>): Promise<string[]> =>
      (await statementsOf(work))
        .filter(({ origin }) => /^(cognito-idp\/(sign-in|codes|attempts|users\/user-store)|budgets)/.test(origin))
        .map(({ origin }) => origin)
    const counts: Record<string, string[]> = {}
    for (const name of ['real', 'unreal']) {
      let session: string | undefined
      const began = await run(async () => {
        session = (await begin(name)).Session
      })
      const answered = await run(() =>
        respond('EMAIL_OTP', { USERNAME: name, EMAIL_OTP_CODE: 'x' }, session).catch(() => undefined),
      )
      // In place of a message another row is written.
      counts[name] = [...began.filter((origin) => !origin.endsWith('putAttempts')), ...answered]
    }
    expect(counts.real?.length).toBeGreaterThan(8)
    expect(counts.unreal).toEqual(counts.real)
  })
})

describe('codes that nothing delivers', () => {
  const server = useTestServer({ env: { NODE_ENV: 'production' } })
  const at = usePool(server, { pool, client })

  it('are refused to everybody alike', async () => {
    await makeUser(server, at.poolId, 'mail', { email: 'mail@example.org', email_verified: 'true' })
    for (const USERNAME of ['mail', 'nobody'])
      await expectRefusal(
        server.app.send(
          new InitiateAuthCommand({
            ClientId: at.clientId,
            AuthFlow: 'USER_AUTH',
            AuthParameters: { USERNAME, PREFERRED_CHALLENGE: 'EMAIL_OTP' },
          }),
        ),
        'CodeDeliveryFailureException',
        'No delivery of e-mail is configured: set SMTP_URL.',
      )
  })
})
