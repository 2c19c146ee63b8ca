import {
  AdminCreateUserCommand,
  AdminDisableUserCommand,
  AdminResetUserPasswordCommand,
  AdminUpdateUserAttributesCommand,
  type CreateUserPoolCommandInput,
  ForgotPasswordCommand,
} from '@aws-sdk/client-cognito-identity-provider'
import { beforeAll, describe, expect, it } from 'vitest'
import {
  engines,
  expectRefusal,
  makeClient,
  makePool,
  makeUser,
  signIn,
  startTestServer,
  useTestServer,
} from '../../../test/harness.ts'
import { postgresUrl } from '../../../test/postgres.ts'
import { signUpUser } from '../../../test/sign-up.ts'

const NO_CONTACT = 'Cannot reset password for the user as there is no registered/verified email or phone_number'
const EMAIL = { AttributeName: 'email', DeliveryMedium: 'EMAIL' }
const SMS = { AttributeName: 'phone_number', DeliveryMedium: 'SMS' }
type Mechanism = { Name: 'verified_email' | 'verified_phone_number' | 'admin_only'; Priority: number }
const recovery = (...RecoveryMechanisms: Mechanism[]) => ({ AccountRecoverySetting: { RecoveryMechanisms } })

describe.each(engines)('ForgotPassword on %s', (engine) => {
  const server = useTestServer({ engine })
  let poolId: string
  let clientId: string
  /** A client that hides who exists. */
  let hiding: string

  async function setUp(settings: Partial<CreateUserPoolCommandInput> = {}) {
    const pool = (await makePool(server, settings)).Id
    const client = (await makeClient(server, pool)).ClientId
    const hides = (await makeClient(server, pool, { PreventUserExistenceErrors: 'ENABLED' })).ClientId
    return { pool, client, hides }
  }
  beforeAll(async () => {
    const made = await setUp({ AliasAttributes: ['email'], AutoVerifiedAttributes: ['email'] })
    poolId = made.pool
    clientId = made.client
    hiding = made.hides
  })

  const forgot = async (Username: string, ClientId = clientId) =>
    (await server.app.send(new ForgotPasswordCommand({ ClientId, Username }))).CodeDeliveryDetails
  const verified = (email: string) => ({ email, email_verified: 'true' })
  const setAttribute = (Username: string, Name: string, Value: string) =>
    server.admin.send(
      new AdminUpdateUserAttributesCommand({ UserPoolId: poolId, Username, UserAttributes: [{ Name, Value }] }),
    )

  describe('ok', () => {
    it('sends a code to the verified address and leaves the password as it is', async () => {
      const sub = await makeUser(server, poolId, 'ann', verified('first@example.org'))
      for (const name of ['ann', sub, 'first@example.org']) {
        expect(await forgot(name)).toEqual({ ...EMAIL, Destination: 'f***@e***' })
      }
      expect(await server.outbox.latestCode('first@example.org')).toMatch(/^\d{6}$/)
      expect((await signIn(server, clientId, 'ann')).AccessToken).toBeTruthy()
    })

    it('serves users whose password an administrator has reset, and unconfirmed ones with a verified address', async () => {
      await makeUser(server, poolId, 'reset', verified('reset@example.org'))
      await server.admin.send(new AdminResetUserPasswordCommand({ UserPoolId: poolId, Username: 'reset' }))
      expect(await forgot('reset')).toMatchObject(EMAIL)
      await signUpUser(server, clientId, 'early', { email: 'early@example.org' })
      await expectRefusal(forgot('early'), 'InvalidParameterException', NO_CONTACT)
      await setAttribute('early', 'email_verified', 'true')
      expect(await forgot('early')).toMatchObject(EMAIL)
    })

    const both = { ...verified('both@example.org'), phone_number: '+14325550001', phone_number_verified: 'true' }

    it('prefers the phone where the pool says nothing', async () => {
      const { pool, client } = await setUp()
      await makeUser(server, pool, 'ann', both)
      expect(await forgot('ann', client)).toEqual({ ...SMS, Destination: '+*******0001' })
      await makeUser(server, pool, 'bob', { ...both, phone_number_verified: 'false' })
      expect(await forgot('bob', client)).toMatchObject(EMAIL)
    })

    it('follows the priorities of the pool', async () => {
      const first = await setUp(
        recovery({ Name: 'verified_phone_number', Priority: 2 }, { Name: 'verified_email', Priority: 1 }),
      )
      await makeUser(server, first.pool, 'ann', both)
      expect(await forgot('ann', first.client)).toMatchObject(EMAIL)
      const only = await setUp(recovery({ Name: 'verified_phone_number', Priority: 1 }))
      await makeUser(server, only.pool, 'ann', verified('ann@example.org'))
      await expectRefusal(forgot('ann', only.client), 'InvalidParameterException', NO_CONTACT)
    })
  })

  describe('refuses', () => {
    it('users without a verified address', async () => {
      await makeUser(server, poolId, 'bare')
      await makeUser(server, poolId, 'unverified', { email: 'unverified@example.org' })
      for (const name of ['bare', 'unverified']) {
        await expectRefusal(forgot(name), 'InvalidParameterException', NO_CONTACT)
      }
    })

    it('users who have yet to change a temporary password, in both modes', async () => {
      await server.admin.send(
        new AdminCreateUserCommand({
          UserPoolId: poolId,
          Username: 'temporary',
          MessageAction: 'SUPPRESS',
          UserAttributes: [
            { Name: 'email', Value: 'temporary@example.org' },
            { Name: 'email_verified', Value: 'true' },
          ],
        }),
      )
      for (const client of [clientId, hiding]) {
        await expectRefusal(
          forgot('temporary', client),
          'NotAuthorizedException',
          'User password cannot be reset in the current state.',
        )
      }
    })

    it('disabled users', async () => {
      await makeUser(server, poolId, 'disabled', verified('disabled@example.org'))
      await server.admin.send(new AdminDisableUserCommand({ UserPoolId: poolId, Username: 'disabled' }))
      await expectRefusal(forgot('disabled'), 'NotAuthorizedException', 'User is disabled.')
    })

    it('known and unknown users alike where only an administrator resets passwords', async () => {
      const { pool, client, hides } = await setUp(recovery({ Name: 'admin_only', Priority: 1 }))
      await makeUser(server, pool, 'ann', verified('ann@example.org'))
      for (const [name, ClientId] of [
        ['ann', client],
        ['ann', hides],
        ['nobody', hides],
      ] as const) {
        await expectRefusal(
          forgot(name, ClientId),
          'NotAuthorizedException',
          'Contact administrator to reset password.',
        )
      }
    })

    it('unknown users', async () => {
      await expectRefusal(forgot('nobody'), 'UserNotFoundException', 'Username/client id combination not found.')
    })

    it('the sixth request of an hour', async () => {
      await makeUser(server, poolId, 'eager', verified('eager@example.org'))
      for (let i = 0; i < 5; i++) await forgot('eager')
      await expectRefusal(
        forgot('eager'),
        'LimitExceededException',
        'Attempt limit exceeded, please try after some time.',
      )
      const sent = (await server.outbox.messages(200)).filter((message) => message.to === 'eager@example.org')
      expect(sent).toHaveLength(5)
      server.clock.advance(60 * 60 * 1000 + 1000)
      await forgot('eager')
    })

    it('the twenty-first request of a day, known or not', async () => {
      await makeUser(server, poolId, 'patient', verified('patient@example.org'))
      for (const name of ['patient', 'patient-nobody']) {
        for (let i = 0; i < 20; i++) {
          if (i % 5 === 0) server.clock.advance(60 * 60 * 1000 + 1000)
          await forgot(name, hiding)
        }
        server.clock.advance(60 * 60 * 1000 + 1000)
        const message = 'Attempt limit exceeded, please try after some time.'
        await expectRefusal(forgot(name, hiding), 'LimitExceededException', message)
      }
      // An administrator can still help.
      await server.admin.send(new AdminResetUserPasswordCommand({ UserPoolId: poolId, Username: 'patient' }))
      server.clock.advance(20 * 60 * 60 * 1000)
      await forgot('patient')
    })

    it('a client that does not prove its secret', async () => {
      const { ClientId } = await makeClient(server, poolId, { GenerateSecret: true })
      await expectRefusal(
        forgot('ann', ClientId),
        'NotAuthorizedException',
        `Client ${ClientId} is configured with secret but SECRET_HASH was not received`,
      )
    })
  })

  describe('for a client that hides who exists', () => {
    it('answers as for a known user, and sends nothing', async () => {
      await makeUser(server, poolId, 'noaddress')
      await makeUser(server, poolId, 'locked-out', verified('locked-out@example.org'))
      await server.admin.send(new AdminDisableUserCommand({ UserPoolId: poolId, Username: 'locked-out' }))
      const before = (await server.outbox.messages(200)).length
      for (const name of ['ghost', 'noaddress', 'locked-out']) {
        expect(await forgot(name, hiding)).toEqual({
          ...EMAIL,
          Destination: expect.stringMatching(/^[a-z]\*{3}@[a-z]\*{3}$/),
        })
      }
      expect(await forgot('nobody@provider.example', hiding)).toEqual({ ...EMAIL, Destination: 'n***@p***' })
      expect(await server.outbox.messages(200)).toHaveLength(before)
    })

    it('shows always the same invented address for a name, and others for other names', async () => {
      const shown = new Set<string>()
      for (let i = 0; i < 12; i++) {
        const [one, two] = [await forgot(`phantom${i}`, hiding), await forgot(`phantom${i}`, hiding)]
        expect(one).toEqual(two)
        shown.add(one?.Destination as string)
      }
      expect(shown.size).toBeGreaterThan(3)
    })

    it("has the domain of the pool's sender half of the time, where administrators alone make users", async () => {
      const { Id } = await makePool(server, {
        AutoVerifiedAttributes: ['email'],
        AdminCreateUserConfig: { AllowAdminCreateUserOnly: true },
        EmailConfiguration: { From: 'Example <no-reply@x.example>' },
      })
      const { ClientId } = await makeClient(server, Id, { PreventUserExistenceErrors: 'ENABLED' })
      const shown = await Promise.all(Array.from({ length: 40 }, (_, i) => forgot(`colleague${i}`, ClientId)))
      // One in a thousand addresses begins with an x otherwise.
      expect(shown.filter((details) => details?.Destination?.endsWith('@x***')).length).toBeGreaterThan(5)
    })

    it('invents phone numbers where codes go to phones', async () => {
      const { hides } = await setUp(recovery({ Name: 'verified_phone_number', Priority: 1 }))
      expect(await forgot('ghost', hides)).toEqual({ ...SMS, Destination: expect.stringMatching(/^\+\*{7}\d{4}$/) })
      expect(await forgot('+14325551212', hides)).toEqual({ ...SMS, Destination: '+*******1212' })
      expect(await forgot('ghost@example.org', hides)).toMatchObject(SMS)
    })

    it('limits unknown users like known ones', async () => {
      for (let i = 0; i < 5; i++) await forgot('flooded', hiding)
      await expectRefusal(forgot('flooded', hiding), 'LimitExceededException')
    })

    it('answers byte for byte in the same form', async () => {
      await makeUser(server, poolId, 'present', verified('present@example.org'))
      const [known, unknown] = await Promise.all(
        ['present', 'absent'].map((Username) => server.raw('ForgotPassword', { ClientId: hiding, Username })),
      )
      const form = (answer: typeof known) => ({
        status: answer?.status,
        headers: [...(answer?.headers.keys() ?? [])],
        body: answer?.text.replace(/"[a-z]\*\*\*@[a-z]\*\*\*"/, '"masked"'),
      })
      expect(form(unknown)).toEqual(form(known))
    })
  })
})

it('shows the same invented address in every process', async () => {
  const env = { DATABASE_URL: await postgresUrl(), COGNOMEN_MASTER_KEY: Buffer.alloc(32, 7).toString('base64') }
  const servers = [await startTestServer({ env }), await startTestServer({ env })]
  const [first] = servers as [(typeof servers)[0]]
  const poolId = (await makePool(first)).Id
  const { ClientId } = await makeClient(first, poolId, { PreventUserExistenceErrors: 'ENABLED' })
  const shown = await Promise.all(
    servers.map(
      async (server) =>
        (await server.app.send(new ForgotPasswordCommand({ ClientId, Username: 'ghost' }))).CodeDeliveryDetails,
    ),
  )
  expect(shown[1]).toEqual(shown[0])
  await Promise.all(servers.map((server) => server.stop()))
})
