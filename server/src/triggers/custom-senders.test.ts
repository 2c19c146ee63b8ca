// CustomEmailSender and CustomSMSSender: in place of this server, with the code encrypted for the consumer; nothing is lost
// while the function is away (docs/reference/user-pools.md 13.3).
import { randomBytes } from 'node:crypto'
import {
  buildClient,
  CommitmentPolicy,
  RawAesKeyringNode,
  RawAesWrappingSuiteIdentifier,
} from '@aws-crypto/client-node'
import {
  AdminCreateUserCommand,
  ConfirmSignUpCommand,
  type LambdaConfigType,
  SetRiskConfigurationCommand,
  SignUpCommand,
  UpdateAuthEventFeedbackCommand,
} from '@aws-sdk/client-cognito-identity-provider'
import { describe, expect, it } from 'vitest'
import {
  expectRefusal,
  makeClient,
  makePool,
  makeUser,
  PASSWORD,
  startTestServer,
  useTestServer,
} from '../../test/harness.ts'
import { until } from '../../test/outbox-parts.ts'
import { signUpUser } from '../../test/sign-up.ts'
import { AWAY, ENFORCED, eventsOf, HOME, signInFrom } from '../../test/threats.ts'
import { arn, type TriggerEvent, useTriggers, type Way, ways } from '../../test/triggers.ts'

const world = useTriggers()
const key = randomBytes(32)
const lines: string[] = []
const server = useTestServer({
  // Production delivers nothing by itself: all that arrives came by a function.
  env: { ...world.env, CUSTOM_SENDER_KEY: key.toString('base64'), NODE_ENV: 'production', LOG_LEVEL: 'info' },
  triggers: world.triggers,
  logTo: { write: (line) => void lines.push(line) },
})

const KMSKeyID = 'arn:aws:kms:us-east-1:000000000000:key/11111111-2222-3333-4444-555555555555'
const { decrypt } = buildClient(CommitmentPolicy.REQUIRE_ENCRYPT_REQUIRE_DECRYPT)

/** As docs/triggers.md tells consumers to. */
async function opened(event: TriggerEvent): Promise<string> {
  const keyring = new RawAesKeyringNode({
    keyNamespace: 'cognomen',
    keyName: KMSKeyID,
    unencryptedMasterKey: Uint8Array.from(key),
    wrappingSuite: RawAesWrappingSuiteIdentifier.AES256_GCM_IV12_TAG16_NO_PADDING,
  })
  const { plaintext, messageHeader } = await decrypt(keyring, Buffer.from(String(event.request['code']), 'base64'))
  expect(messageHeader.encryptionContext).toEqual({ 'userpool-id': event.userPoolId })
  return plaintext.toString('utf8')
}

const senders = (LambdaArn: string): LambdaConfigType => ({
  CustomEmailSender: { LambdaVersion: 'V1_0', LambdaArn },
  CustomSMSSender: { LambdaVersion: 'V1_0', LambdaArn },
  KMSKeyID,
})

async function placeWith(
  on: typeof server,
  LambdaConfig: LambdaConfigType,
  verified: 'email' | 'phone_number' = 'email',
) {
  const { Id: UserPoolId } = await makePool(on, { AutoVerifiedAttributes: [verified], LambdaConfig })
  const { ClientId } = await makeClient(on, UserPoolId)
  return { UserPoolId, ClientId }
}

describe.each(ways)('by way of %s', (way: Way) => {
  it.each([
    ['email', 'ann@example.com', 'CustomEmailSender_SignUp', 'customEmailSenderRequestV1'],
    ['phone_number', '+491701234567', 'CustomSMSSender_SignUp', 'customSMSSenderRequestV1'],
  ] as const)('a code for %s reaches the function, and confirms', async (attribute, value, source, type) => {
    world.forget()
    const { ClientId } = await placeWith(server, senders(arn(way, 'echo')), attribute)
    const signedUp = await signUpUser(server, ClientId, 'ann', { [attribute]: value }, { ClientMetadata: { a: 'b' } })
    expect(signedUp.CodeDeliveryDetails?.AttributeName).toBe(attribute)
    await until(() => world.seen().length === 1)
    const [event] = world.seen() as [TriggerEvent]
    expect(event).toMatchObject({
      triggerSource: source,
      userName: 'ann',
      callerContext: { clientId: ClientId },
      request: { type, clientMetadata: { a: 'b' }, userAttributes: { [attribute]: value, sub: signedUp.UserSub } },
    })
    const ConfirmationCode = await opened(event)
    expect(ConfirmationCode).toMatch(/^\d{6}$/)
    expect(lines.join('')).not.toContain(ConfirmationCode)
    await server.app.send(new ConfirmSignUpCommand({ ClientId, Username: 'ann', ConfirmationCode }))
  })
})

it('an invitation holds the temporary password, escaped', async () => {
  world.forget()
  const { UserPoolId } = await placeWith(server, senders(arn('handler', 'echo')))
  const bob = { UserPoolId, Username: 'bob', UserAttributes: [{ Name: 'email', Value: 'bob@example.com' }] }
  await server.admin.send(
    new AdminCreateUserCommand({ ...bob, TemporaryPassword: 'A<b>&"1x', DesiredDeliveryMediums: ['EMAIL'] }),
  )
  await until(() => world.seen().some(({ triggerSource }) => triggerSource === 'CustomEmailSender_AdminCreateUser'))
  expect(await opened(world.seen().at(-1) as TriggerEvent)).toBe('A&lt;b&gt;&amp;&quot;1x')
})

it('a sign-in with a risk is told to the function, with what the message is about and without a code, which needs no key', async () => {
  const bare = await startTestServer({ env: { ...world.env, NODE_ENV: 'production' }, triggers: world.triggers })
  try {
    const LambdaConfig = senders(arn('handler', 'echo'))
    const { Id: poolId } = await makePool(bare, { ...ENFORCED, LambdaConfig })
    const { ClientId: clientId } = await makeClient(bare, poolId)
    const sub = await makeUser(bare, poolId, 'ann', { email: 'ann@example.com', email_verified: 'true' })
    const SourceArn = 'arn:aws:ses:us-east-1:000000000000:identity/example.com'
    await bare.admin.send(
      new SetRiskConfigurationCommand({
        UserPoolId: poolId,
        AccountTakeoverRiskConfiguration: {
          Actions: { MediumAction: { Notify: true, EventAction: 'NO_ACTION' } },
          NotifyConfiguration: { SourceArn },
        },
      }),
    )
    await signInFrom(bare, { poolId, clientId }, HOME)
    bare.clock.advance(60_000)
    world.forget()
    await signInFrom(bare, { poolId, clientId }, AWAY)
    await until(() => world.seen().length > 0)
    const [event] = world.seen() as [TriggerEvent]
    expect(event).toMatchObject({
      triggerSource: 'CustomEmailSender_AccountTakeOverNotification',
      userName: 'ann',
      callerContext: { clientId },
      request: {
        type: 'customEmailSenderRequestV1',
        code: null,
        userAttributes: { sub, email: 'ann@example.com' },
        notification: { 'ip-address': AWAY.address, 'device-name': 'Chrome 125 / Windows 10', city: 'unknown' },
      },
    })
    const told = event.request['notification'] as Record<string, string>
    await bare.app.send(
      new UpdateAuthEventFeedbackCommand({
        UserPoolId: poolId,
        Username: 'ann',
        EventId: told['event-id'],
        FeedbackToken: told['feedback-token'],
        FeedbackValue: 'Invalid',
      }),
    )
    const [risky] = await eventsOf(bare, poolId)
    expect(risky).toMatchObject({ EventId: told['event-id'], EventFeedback: { FeedbackValue: 'Invalid' } })
  } finally {
    await bare.stop()
  }
})

it('a function that is away gets the code when it is back; the sign-up does not wait for it', async () => {
  const { ClientId } = await placeWith(server, senders(arn('webhook', 'echo')))
  world.forget()
  world.instead = (request) => void request.socket.destroy()
  try {
    await signUpUser(server, ClientId, 'ann', { email: 'later@example.com' })
    await until(() => lines.some((line) => line.includes('message not delivered yet')))
  } finally {
    world.instead = undefined
  }
  expect(world.seen()).toEqual([])
  server.clock.advance(60_000)
  await until(() => world.seen().length === 1, 20_000)
  await opened(world.seen()[0] as TriggerEvent)
})

it('without a key for codes a pool with a custom sender takes no sign-ups, and says what to set', async () => {
  const bare = await startTestServer({ env: world.env, triggers: world.triggers })
  try {
    const { ClientId } = await placeWith(bare, senders(arn('handler', 'echo')))
    const UserAttributes = [{ Name: 'email', Value: 'ann@example.com' }]
    await expectRefusal(
      bare.app.send(new SignUpCommand({ ClientId, Username: 'ann', Password: PASSWORD, UserAttributes })),
      'CodeDeliveryFailureException',
      'Codes for the custom sender of this user pool cannot be encrypted: set CUSTOM_SENDER_KEY.',
    )
  } finally {
    await bare.stop()
  }
})
