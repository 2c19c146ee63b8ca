import {
  ConfirmSignUpCommand,
  ResendConfirmationCodeCommand,
  type ResendConfirmationCodeCommandInput,
} from '@aws-sdk/client-cognito-identity-provider'
import { beforeAll, describe, expect, it } from 'vitest'
import {
  engines,
  expectRefusal,
  makeClient,
  makePool,
  makeUser,
  usePool,
  useTestServer,
} from '../../../test/harness.ts'
import { signUpConfirmed, signUpUser } from '../../../test/sign-up.ts'

const HOUR_MS = 60 * 60 * 1000
const LIMIT = 'Attempt limit exceeded, please try after some time.'

describe.each(engines)('ResendConfirmationCode on %s', (engine) => {
  const server = useTestServer({ engine })
  const at = usePool(server, { pool: { AutoVerifiedAttributes: ['email', 'phone_number'] } })
  /** A client that hides who exists. */
  let hiding: string

  beforeAll(async () => {
    hiding = (await makeClient(server, at.poolId, { PreventUserExistenceErrors: 'ENABLED' })).ClientId
  })

  const resend = async (Username: string, more: Partial<ResendConfirmationCodeCommandInput> = {}) => {
    const input = { ClientId: at.clientId, Username, ...more }
    return (await server.app.send(new ResendConfirmationCodeCommand(input))).CodeDeliveryDetails
  }

  it('sends a new code to where the first one went', async () => {
    await signUpUser(server, at.clientId, 'ann', { email: 'ann@example.org', phone_number: '+14325550001' })
    expect(await resend('ann')).toEqual({
      AttributeName: 'phone_number',
      DeliveryMedium: 'SMS',
      Destination: '+*******0001',
    })
    await signUpUser(server, at.clientId, 'bob', { email: 'bob@example.org' })
    expect(await resend('bob', { ClientId: hiding })).toEqual({
      AttributeName: 'email',
      DeliveryMedium: 'EMAIL',
      Destination: 'b***@e***',
    })
    const sent = (await server.outbox.messages(100)).filter((message) => message.to === 'bob@example.org')
    expect(sent).toHaveLength(2)
    const ConfirmationCode = await server.outbox.latestCode('bob@example.org')
    await server.app.send(new ConfirmSignUpCommand({ ClientId: at.clientId, Username: 'bob', ConfirmationCode }))
  })

  it('refuses users who are confirmed or have another status', async () => {
    await signUpConfirmed(server, at.clientId, 'done', { email: 'done@example.org' }, 'done@example.org')
    await makeUser(server, at.poolId, 'made', { email: 'made@example.org' })
    for (const name of ['done', 'made']) {
      await expectRefusal(resend(name), 'InvalidParameterException', 'User is already confirmed.')
    }
  })

  it('refuses where the pool verifies nothing, for everybody alike', async () => {
    const quiet = (await makePool(server)).Id
    for (const mode of ['LEGACY', 'ENABLED'] as const) {
      const { ClientId } = await makeClient(server, quiet, { PreventUserExistenceErrors: mode })
      await signUpUser(server, ClientId, `ann-${mode}`, { email: 'ann@example.org' })
      const names = mode === 'ENABLED' ? [`ann-${mode}`, 'nobody'] : [`ann-${mode}`]
      for (const name of names) {
        await expectRefusal(
          resend(name, { ClientId }),
          'InvalidParameterException',
          'Cannot resend codes. Auto verification not turned on.',
        )
      }
    }
  })

  it('refuses users who have nothing to verify, unless the client hides who exists', async () => {
    await signUpUser(server, at.clientId, 'bare')
    await expectRefusal(
      resend('bare'),
      'InvalidParameterException',
      'Cannot resend codes. User has no email or phone_number to verify.',
    )
    expect(await resend('bare', { ClientId: hiding })).toMatchObject({ Destination: expect.any(String) })
  })

  it('refuses unknown users, unless the client hides who exists', async () => {
    await expectRefusal(resend('nobody'), 'UserNotFoundException', 'Username/client id combination not found.')
    const simulated = await resend('nobody', { ClientId: hiding })
    expect(simulated).toEqual({
      AttributeName: 'phone_number',
      DeliveryMedium: 'SMS',
      Destination: expect.stringMatching(/^\+\*{7}\d{4}$/),
    })
    expect(await resend('nobody', { ClientId: hiding })).toEqual(simulated)
    expect(await resend('zoe@provider.example', { ClientId: hiding })).toEqual({
      AttributeName: 'email',
      DeliveryMedium: 'EMAIL',
      Destination: 'z***@p***',
    })
    const to = (await server.outbox.messages(100)).map((message) => message.to)
    expect(to).not.toContain('zoe@provider.example')
  })

  it('refuses the sixth request of an hour, known or not', async () => {
    await signUpUser(server, at.clientId, 'eager', { email: 'eager@example.org' })
    for (const Username of ['eager', 'eager-nobody']) {
      for (let i = 0; i < 5; i++) await resend(Username, { ClientId: hiding })
      await expectRefusal(resend(Username, { ClientId: hiding }), 'LimitExceededException', LIMIT)
    }
    server.clock.advance(60 * 60 * 1000 + 1000)
    await resend('eager')
  })

  it('refuses the twentieth request of a day, which with the sign-up is the twenty-first code, known or not', async () => {
    await signUpUser(server, at.clientId, 'patient', { email: 'patient@example.org' })
    for (const Username of ['patient', 'patient-nobody']) {
      for (let i = 0; i < 19; i++) {
        if (i % 5 === 0) server.clock.advance(HOUR_MS + 1000)
        await resend(Username, { ClientId: hiding })
      }
      await expectRefusal(resend(Username, { ClientId: hiding }), 'LimitExceededException', LIMIT)
    }
    server.clock.advance(24 * HOUR_MS)
    await resend('patient')
  })

  it('limits each unknown user separately, however many were asked for', async () => {
    const emails = (await makePool(server, { AutoVerifiedAttributes: ['email'] })).Id
    const { ClientId } = await makeClient(server, emails, { PreventUserExistenceErrors: 'ENABLED' })
    // Invented addresses are few: ask until one of them has exceeded the limit of codes to a real address.
    const shown = new Map<string, number>()
    for (let n = 0; n < 300 && Math.max(0, ...shown.values()) <= 20; n++) {
      const answers = Array.from({ length: 10 }, (_, i) => resend(`junk-${n}-${i}`, { ClientId }))
      for (const details of await Promise.all(answers)) {
        const to = details?.Destination as string
        shown.set(to, (shown.get(to) ?? 0) + 1)
      }
    }
    expect(Math.max(...shown.values())).toBeGreaterThan(20)
  })

  it('sends no more codes to an address than its budget, and where it is hidden who exists does not tell', async () => {
    const emails = (await makePool(server, { AutoVerifiedAttributes: ['email'] })).Id
    const { ClientId } = await makeClient(server, emails, { PreventUserExistenceErrors: 'ENABLED' })
    const telling = (await makeClient(server, emails)).ClientId
    const names = ['vera', 'vic', 'val', 'vik']
    const answers: unknown[] = []
    for (const name of names) {
      await signUpUser(server, ClientId, name, { email: 'victim@example.org' })
      for (let i = 0; i < 4; i++) answers.push(await resend(name, { ClientId }))
    }
    // Twenty so far. One more is answered like them, and not sent.
    answers.push(await resend('vera', { ClientId }))
    expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1)
    const sent = (await server.outbox.messages(1000)).filter(({ to }) => to === 'victim@example.org')
    expect(sent).toHaveLength(20)
    await expectRefusal(resend('vic', { ClientId: telling }), 'LimitExceededException', LIMIT)
  })

  it('refuses a client that does not prove its secret', async () => {
    const { ClientId } = await makeClient(server, at.poolId, { GenerateSecret: true })
    await expectRefusal(
      resend('ann', { ClientId }),
      'NotAuthorizedException',
      `Client ${ClientId} is configured with secret but SECRET_HASH was not received`,
    )
  })
})
