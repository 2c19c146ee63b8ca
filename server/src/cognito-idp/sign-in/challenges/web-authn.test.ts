// WEB_AUTHN: sign-in with a passkey. What a passkey proves beside second factors is in next-step.cases.json.
import {
  AdminDeleteSoftwareTokenCommand,
  AdminDisableUserCommand,
  AdminSetUserMFAPreferenceCommand,
  AdminUserGlobalSignOutCommand,
  AssociateSoftwareTokenCommand,
  DeleteWebAuthnCredentialCommand,
  SetUserMFAPreferenceCommand,
  TagResourceCommand,
} from '@aws-sdk/client-cognito-identity-provider'
import { beforeEach, describe, expect, it } from 'vitest'
import { Authenticator, type RequestOptions, type Twist } from '../../../../test/authenticator.ts'
import { EXPIRED_SESSION, INVALID_SESSION, responder, USED_SESSION } from '../../../../test/challenges.ts'
import {
  claimsOf,
  engines,
  expectRefusal,
  makeClient,
  makePool,
  makeUser,
  signIn,
  startTestServer,
  type TestPool,
  type TestServer,
  usePool,
  useTestServer,
} from '../../../../test/harness.ts'
import {
  beginWithPasskey,
  MULTI_FACTOR,
  PASSKEY_CLIENT,
  PASSKEY_POOL,
  registerPasskey,
  setWebAuthn,
} from '../../../../test/passkeys.ts'
import { newCodes, toldOf, withCodes } from '../../../../test/recovery-codes.ts'
import { begin as beginWithPassword, giveToken } from '../../../../test/second-factors.ts'

const REFUSED = 'The passkey was not accepted.'
const MINUTE_MS = 60 * 1000

interface Holder {
  name: string
  sub: string
  token: string
  authenticator: Authenticator
}

/** A user with a passkey. */
async function holderAt(
  server: TestServer,
  at: TestPool,
  name: string,
  authenticator = new Authenticator(),
): Promise<Holder> {
  const sub = await makeUser(server, at.poolId, name)
  const token = (await signIn(server, at.clientId, name)).AccessToken
  await registerPasskey(server, token, authenticator)
  return { name, sub, token, authenticator }
}

describe.each(engines)('WEB_AUTHN on %s', (engine) => {
  const server = useTestServer({ engine })
  const at = usePool(server, { pool: PASSKEY_POOL, client: PASSKEY_CLIENT })
  const respond = responder(server, at)
  let count = 0
  const holder = (authenticator?: Authenticator) => holderAt(server, at, `user-${++count}`, authenticator)
  const begin = (name: string) => beginWithPasskey(server, at.clientId, name)
  const answer = (name: string, session: string, credential: unknown, clientId?: string) =>
    respond('WEB_AUTHN', { USERNAME: name, CREDENTIAL: JSON.stringify(credential) }, session, clientId)

  it.each(['ES256', 'RS256'] as const)('gives tokens for a signature of %s', async (algorithm) => {
    const { name, sub, authenticator } = await holder(new Authenticator(algorithm))
    const { session, options } = await begin(name)
    expect(options).toEqual({
      challenge: expect.stringMatching(/^[\w-]{43}$/),
      timeout: 3 * MINUTE_MS,
      rpId: 'localhost',
      allowCredentials: [
        { id: authenticator.id.toString('base64url'), type: 'public-key', transports: ['hybrid', 'internal'] },
      ],
      userVerification: 'preferred',
    })
    expect(session).toMatch(/^AYABe/)
    const { AuthenticationResult } = await answer(name, session, authenticator.get(options))
    expect(claimsOf(AuthenticationResult?.IdToken as string)).toMatchObject({ sub, token_use: 'id' })
  })

  it('is good once, also of answers at the same time', async () => {
    const { name, authenticator } = await holder()
    const { session, options } = await begin(name)
    const credential = authenticator.get(options)
    const outcomes = await Promise.allSettled(Array.from({ length: 6 }, () => answer(name, session, credential)))
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
    await expectRefusal(answer(name, session, authenticator.get(options)), 'NotAuthorizedException', USED_SESSION)
  })

  it('takes a passkey whose counter goes on, in whatever order the answers come', async () => {
    const { name, authenticator } = await holder()
    const sessions = await Promise.all(Array.from({ length: 4 }, () => begin(name)))
    const signed = sessions.map(({ session, options }) => ({ session, credential: authenticator.get(options) }))
    const outcomes = await Promise.allSettled(
      signed.map(({ session, credential }) => answer(name, session, credential)),
    )
    // The last one can be refused by nobody; an earlier one is, where a later one was first.
    expect(outcomes.at(-1)?.status).toBe('fulfilled')
    for (const outcome of outcomes) if (outcome.status === 'rejected') expect(outcome.reason.message).toBe(REFUSED)
    const { session, options } = await begin(name)
    expect((await answer(name, session, authenticator.get(options))).AuthenticationResult).toBeDefined()
  })

  it('refuses a passkey whose counter goes back, and takes one that does not count', async () => {
    const { name, authenticator } = await holder()
    const first = await begin(name)
    await answer(name, first.session, authenticator.get(first.options, { counter: 5 }))
    for (const counter of [5, 4, 0]) {
      const { session, options } = await begin(name)
      const call = answer(name, session, authenticator.get(options, { counter }))
      await expectRefusal(call, 'NotAuthorizedException', REFUSED)
    }
    const uncounted = new Authenticator()
    uncounted.counter = null
    const other = await holder(uncounted)
    for (let i = 0; i < 2; i++) {
      const { session, options } = await begin(other.name)
      expect((await answer(other.name, session, uncounted.get(options))).AuthenticationResult).toBeDefined()
    }
  })

  it('refuses a passkey that was deleted since', async () => {
    const { name, token, authenticator } = await holder()
    await registerPasskey(server, token, new Authenticator())
    const { session, options } = await begin(name)
    const CredentialId = authenticator.id.toString('base64url')
    await server.app.send(new DeleteWebAuthnCredentialCommand({ AccessToken: token, CredentialId }))
    await expectRefusal(answer(name, session, authenticator.get(options)), 'NotAuthorizedException', REFUSED)
  })
})

describe('WEB_AUTHN', () => {
  const server = useTestServer()
  const at = usePool(server, { pool: PASSKEY_POOL, client: PASSKEY_CLIENT })
  const respond = responder(server, at)
  let ada: Holder
  let count = 0
  beforeEach(async () => {
    ada = await holderAt(server, at, `ada-${++count}`)
  })
  const begin = (name = ada.name) => beginWithPasskey(server, at.clientId, name)
  const answer = (session: string, credential: unknown, name = ada.name, clientId?: string) =>
    respond('WEB_AUTHN', { USERNAME: name, CREDENTIAL: JSON.stringify(credential) }, session, clientId)
  const refused = (call: Promise<unknown>) => expectRefusal(call, 'NotAuthorizedException', REFUSED)

  it.each<[string, Twist]>([
    ['of another site', { origin: 'https://evil.example' }],
    ['of a page in a frame of another site', { clientData: { crossOrigin: true } }],
    ['of a page that names the frame around it', { clientData: { topOrigin: 'https://evil.example' } }],
    ['for another domain', { rpId: 'example.com' }],
    ['of another challenge', { challenge: Buffer.alloc(32).toString('base64url') }],
    ['made at a registration', { clientData: { type: 'webauthn.create' } }],
    ['without a person', { flags: { up: false } }],
    ['of a passkey that cannot be backed up any more', { flags: { be: false, bs: false } }],
    ['with the handle of another user', { userHandle: Buffer.alloc(32).toString('base64url') }],
    ['under the id of a passkey that the user has not', { toldId: Buffer.alloc(32).toString('base64url') }],
  ])('refuses a signature %s, and leaves the session good', async (_, twist) => {
    const { session, options } = await begin()
    await refused(answer(session, ada.authenticator.get(options, twist)))
    expect((await answer(session, ada.authenticator.get(options))).AuthenticationResult).toBeDefined()
  })

  it('takes a passkey whose authenticator names no user', async () => {
    for (const userHandle of [null, undefined]) {
      const { session, options } = await begin()
      const credential = ada.authenticator.get(options, { userHandle: null })
      const response = { ...credential.response, userHandle }
      expect((await answer(session, { ...credential, response })).AuthenticationResult).toBeDefined()
    }
  })

  it('refuses each change of what was signed, bit by bit', async () => {
    const { session, options } = await begin()
    const credential = ada.authenticator.get(options)
    for (const part of ['authenticatorData', 'signature', 'clientDataJSON']) {
      const bytes = Buffer.from(credential.response[part] as string, 'base64url')
      for (let at = 0; at < bytes.length; at += 3) {
        const changed = Buffer.from(bytes)
        changed[at] = (changed[at] as number) ^ (1 << (at % 8))
        const response = { ...credential.response, [part]: changed.toString('base64url') }
        const call = answer(session, { ...credential, response })
        await expect(call, `${part} at ${at}`).rejects.toMatchObject({
          name: expect.stringMatching(/^(NotAuthorized|InvalidParameter)Exception$/),
        })
      }
    }
    expect((await answer(session, credential)).AuthenticationResult).toBeDefined()
  })

  it('refuses the passkey of another user, of another pool, and an answer to another user’s challenge', async () => {
    const grace = await holderAt(server, at, `grace-${count}`)
    const { session, options } = await begin()
    await refused(answer(session, grace.authenticator.get(options)))
    // Even where it tells the id of hers.
    await refused(
      answer(session, grace.authenticator.get(options, { toldId: ada.authenticator.id.toString('base64url') })),
    )
    await expectRefusal(
      answer(session, grace.authenticator.get(options), grace.name),
      'NotAuthorizedException',
      INVALID_SESSION,
    )
    const pool = await makePool(server, PASSKEY_POOL)
    const { ClientId } = await makeClient(server, pool.Id, PASSKEY_CLIENT)
    const twin = await holderAt(server, { poolId: pool.Id, clientId: ClientId }, ada.name)
    await refused(answer(session, twin.authenticator.get(options)))
    await expectRefusal(
      answer(session, ada.authenticator.get(options), ada.name, ClientId),
      'NotAuthorizedException',
      INVALID_SESSION,
    )
    const sibling = await makeClient(server, at.poolId, PASSKEY_CLIENT)
    await expectRefusal(
      answer(session, ada.authenticator.get(options), ada.name, sibling.ClientId),
      'NotAuthorizedException',
      INVALID_SESSION,
    )
    expect((await answer(session, ada.authenticator.get(options))).AuthenticationResult).toBeDefined()
  })

  it('ends with a sign-out everywhere, a disablement, and its time', async () => {
    const user = { UserPoolId: at.poolId, Username: ada.name }
    const sign = ({ options }: { options: RequestOptions }) => ada.authenticator.get(options)
    const before = await begin()
    await server.admin.send(new AdminUserGlobalSignOutCommand(user))
    await expectRefusal(answer(before.session, sign(before)), 'NotAuthorizedException', INVALID_SESSION)
    const late = await begin()
    server.clock.advance(3 * MINUTE_MS + 1)
    await expectRefusal(answer(late.session, sign(late)), 'NotAuthorizedException', EXPIRED_SESSION)
    const open = await begin()
    await server.admin.send(new AdminDisableUserCommand(user))
    await expectRefusal(answer(open.session, sign(open)), 'NotAuthorizedException', INVALID_SESSION)
    // Who is disabled is told so with the passkey alone.
    const disabled = await begin()
    await refused(answer(disabled.session, ada.authenticator.get(disabled.options, { flags: { up: false } })))
    await expectRefusal(answer(disabled.session, sign(disabled)), 'NotAuthorizedException', 'User is disabled.')
  })

  it('InvalidParameterException for a CREDENTIAL that is none', async () => {
    const { session, options } = await begin()
    const whole = ada.authenticator.get(options)
    const { signature: _, ...unsigned } = whole.response
    for (const CREDENTIAL of [
      '{',
      'null',
      '[]',
      JSON.stringify({ ...whole, rawId: 'AAAA' }),
      JSON.stringify({ ...whole, response: unsigned }),
      JSON.stringify({ ...whole, response: { ...whole.response, clientDataJSON: 'e30' } }),
      JSON.stringify({ ...whole, response: { ...whole.response, authenticatorData: 'A'.repeat(40_000) } }),
    ])
      await expectRefusal(
        respond('WEB_AUTHN', { USERNAME: ada.name, CREDENTIAL }, session),
        'InvalidParameterException',
        'Invalid CREDENTIAL',
      )
    await expectRefusal(
      respond('WEB_AUTHN', { USERNAME: ada.name }, session),
      'InvalidParameterException',
      'Missing required parameter CREDENTIAL',
    )
  })

  it('offers only passkeys of the present relying party, and asks for verified users where the pool does', async () => {
    await setWebAuthn(server, at, { RelyingPartyId: 'example.com', UserVerification: 'required' })
    const moved = await begin()
    expect(moved.options).toMatchObject({ rpId: 'example.com', allowCredentials: [], userVerification: 'required' })
    await refused(answer(moved.session, ada.authenticator.get(moved.options)))
    await setWebAuthn(server, at, { UserVerification: 'required' })
    const { session, options } = await begin()
    await refused(answer(session, ada.authenticator.get(options, { flags: { uv: false } })))
    expect((await answer(session, ada.authenticator.get(options))).AuthenticationResult).toBeDefined()
    await setWebAuthn(server, at, {})
  })
})

describe('WEB_AUTHN where a second factor is required', () => {
  const server = useTestServer()
  const at = usePool(server, { pool: PASSKEY_POOL, client: PASSKEY_CLIENT })
  const respond = responder(server, at)
  beforeEach(() => setWebAuthn(server, at, {}))
  const standForBoth = (AccessToken: string, Enabled = true) =>
    server.app.send(new SetUserMFAPreferenceCommand({ AccessToken, WebAuthnMfaSettings: { Enabled } }))
  /** Whether a user who prefers a passkey is asked for it. */
  const isOffered = async (name: string) => (await beginWithPasskey(server, at.clientId, name)).name === 'WEB_AUTHN'
  /** A sign-in up to the challenge, and what answers it. */
  async function begun({ name, authenticator }: Holder) {
    const { session, options } = await beginWithPasskey(server, at.clientId, name)
    const answer = (twist: Twist = {}) =>
      respond('WEB_AUTHN', { USERNAME: name, CREDENTIAL: JSON.stringify(authenticator.get(options, twist)) }, session)
    return { options, answer }
  }
  const unverified: Twist = { flags: { uv: false } }

  it('stands for both where the pool lets it and the user has turned that on', async () => {
    const ada = await holderAt(server, at, 'ada')
    await setWebAuthn(server, at, MULTI_FACTOR, 'OPTIONAL')
    await giveToken(server, at.clientId, 'ada')
    expect(await isOffered('ada')).toBe(false)
    await standForBoth(ada.token)
    for (const mfa of ['OPTIONAL', 'ON'] as const) {
      await setWebAuthn(server, at, MULTI_FACTOR, mfa)
      const { options, answer } = await begun(ada)
      expect(options.userVerification).toBe('required')
      await expectRefusal(answer(unverified), 'NotAuthorizedException', REFUSED)
      expect((await answer()).AuthenticationResult).toBeDefined()
    }
    // After a password it is no second factor.
    const { ChallengeName } = await beginWithPassword(server, at.clientId, 'ada')
    expect(ChallengeName).toBe('SOFTWARE_TOKEN_MFA')
    await standForBoth(ada.token, false)
    expect(await isOffered('ada')).toBe(false)
    await standForBoth(ada.token)
    await setWebAuthn(server, at, {}, 'OPTIONAL')
    expect(await isOffered('ada')).toBe(false)
  })

  it('is asked for after a password, too, of a user whose other factor an administrator has removed', async () => {
    const ada = await holderAt(server, at, 'lin')
    const user = { UserPoolId: at.poolId, Username: ada.name }
    await setWebAuthn(server, at, MULTI_FACTOR, 'OPTIONAL')
    await giveToken(server, at.clientId, ada.name)
    await standForBoth(ada.token)
    await server.admin.send(new AdminDeleteSoftwareTokenCommand(user))
    for (const mfa of ['OPTIONAL', 'ON'] as const) {
      await setWebAuthn(server, at, MULTI_FACTOR, mfa)
      const { ChallengeName, ChallengeParameters, Session } = await beginWithPassword(server, at.clientId, ada.name)
      expect([mfa, ChallengeName]).toEqual([mfa, 'WEB_AUTHN'])
      // The password alone sets no other factor up.
      await expectRefusal(server.app.send(new AssociateSoftwareTokenCommand({ Session })), 'NotAuthorizedException')
      const options = JSON.parse(ChallengeParameters?.['CREDENTIAL_REQUEST_OPTIONS'] ?? '') as RequestOptions
      const answer = (twist: Twist) => {
        const CREDENTIAL = JSON.stringify(ada.authenticator.get(options, twist))
        return respond('WEB_AUTHN', { USERNAME: ada.name, CREDENTIAL }, Session)
      }
      await expectRefusal(answer(unverified), 'NotAuthorizedException', REFUSED)
      expect((await answer({})).AuthenticationResult).toBeDefined()
      // And alone, as before.
      const alone = await begun(ada)
      expect((await alone.answer()).AuthenticationResult).toBeDefined()
    }
    // Who cannot use the passkey either is let in by an administrator.
    const WebAuthnMfaSettings = { Enabled: false }
    await setWebAuthn(server, at, MULTI_FACTOR, 'OPTIONAL')
    await server.admin.send(new AdminSetUserMFAPreferenceCommand({ ...user, WebAuthnMfaSettings }))
    expect(await beginWithPassword(server, at.clientId, ada.name)).toHaveProperty('AuthenticationResult')
  })

  it('is stood in for by a recovery code, which goes with the passkey', async () => {
    const ada = await holderAt(server, at, 'mae')
    await setWebAuthn(server, at, MULTI_FACTOR, 'OPTIONAL')
    await giveToken(server, at.clientId, ada.name)
    await standForBoth(ada.token)
    await server.admin.send(new AdminDeleteSoftwareTokenCommand({ UserPoolId: at.poolId, Username: ada.name }))
    const ResourceArn = `arn:aws:cognito-idp:${server.region}:000000000000:userpool/${at.poolId}`
    await server.admin.send(new TagResourceCommand({ ResourceArn, Tags: withCodes().UserPoolTags }))
    const [code = ''] = await newCodes(server, ada.token)
    const { ChallengeName, Session } = await beginWithPassword(server, at.clientId, ada.name)
    expect(ChallengeName).toBe('WEB_AUTHN')
    const given = await respond('WEB_AUTHN', { USERNAME: ada.name, CREDENTIAL: code }, Session)
    expect(given.AuthenticationResult).toBeDefined()
    // Alone it is a first factor, which no code stands in for.
    const alone = await beginWithPasskey(server, at.clientId, ada.name)
    await expectRefusal(
      respond('WEB_AUTHN', { USERNAME: ada.name, CREDENTIAL: code }, alone.session),
      'InvalidParameterException',
    )
    expect(await toldOf(server, ada.token)).toMatchObject({ Remaining: 2 })
    const CredentialId = ada.authenticator.id.toString('base64url')
    await server.app.send(new DeleteWebAuthnCredentialCommand({ AccessToken: ada.token, CredentialId }))
    expect(await toldOf(server, ada.token)).toEqual({ Remaining: 0 })
  })

  it('stands for one where that was turned off since, by the user or for the pool', async () => {
    const ada = await holderAt(server, at, 'grace')
    await setWebAuthn(server, at, MULTI_FACTOR, 'OPTIONAL')
    await giveToken(server, at.clientId, ada.name)
    for (const turnOff of [() => standForBoth(ada.token, false), () => setWebAuthn(server, at, {}, 'OPTIONAL')]) {
      await setWebAuthn(server, at, MULTI_FACTOR, 'OPTIONAL')
      await standForBoth(ada.token)
      const { answer } = await begun(ada)
      await turnOff()
      const next = await answer()
      expect(next.ChallengeName).toBe('SOFTWARE_TOKEN_MFA')
      expect(next.AuthenticationResult).toBeUndefined()
    }
  })

  it('stands for one where the authenticator did not verify its user at the making', async () => {
    const weak = new Authenticator()
    weak.verifiesUser = false
    const eve = await holderAt(server, at, 'eve', weak)
    await registerPasskey(server, eve.token, new Authenticator())
    await setWebAuthn(server, at, MULTI_FACTOR, 'OPTIONAL')
    await giveToken(server, at.clientId, 'eve')
    await standForBoth(eve.token)
    const { answer } = await begun(eve)
    const next = await answer({ flags: { uv: true } })
    expect(next.ChallengeName).toBe('SOFTWARE_TOKEN_MFA')
    expect(next.AuthenticationResult).toBeUndefined()
  })
})

describe('WEB_AUTHN for names that belong to nobody', () => {
  const server = useTestServer()
  const at = usePool(server, {
    pool: PASSKEY_POOL,
    client: { ...PASSKEY_CLIENT, PreventUserExistenceErrors: 'ENABLED' },
  })
  const respond = responder(server, at)

  it('gives options alike: the same passkey at each time, and refuses its answers like wrong ones', async () => {
    const ada = await holderAt(server, at, 'ada')
    const known = await beginWithPasskey(server, at.clientId, 'ada')
    // Some of the names are offered it, and others are not, like those of users.
    const names = Array.from({ length: 40 }, (_, i) => `nobody-${i}`)
    const begun = await Promise.all(names.map((name) => beginWithPasskey(server, at.clientId, name)))
    const offered = names.filter((_, i) => begun[i]?.name === 'WEB_AUTHN')
    expect(new Set(begun.map(({ name }) => name))).toEqual(new Set(['WEB_AUTHN', 'SELECT_CHALLENGE']))
    const [nobody, nobodyElse] = offered as [string, string]
    const [first, second] = [
      await beginWithPasskey(server, at.clientId, nobody),
      await beginWithPasskey(server, at.clientId, nobody),
    ]
    expect(Object.keys(first.options)).toEqual(Object.keys(known.options))
    expect(first.session).toHaveLength(known.session.length)
    expect(first.options.allowCredentials).toEqual([
      {
        id: expect.stringMatching(/^[\w-]{22,43}$/),
        type: 'public-key',
        transports: expect.arrayContaining(['internal']),
      },
    ])
    expect(second.options.allowCredentials).toEqual(first.options.allowCredentials)
    expect(second.options.challenge).not.toBe(first.options.challenge)
    const other = await beginWithPasskey(server, at.clientId, nobodyElse)
    expect(other.options.allowCredentials[0]?.id).not.toBe(first.options.allowCredentials[0]?.id)
    const toldId = first.options.allowCredentials[0]?.id as string
    const credential = ada.authenticator.get(first.options, { toldId })
    await expectRefusal(
      respond('WEB_AUTHN', { USERNAME: nobody, CREDENTIAL: JSON.stringify(credential) }, first.session),
      'NotAuthorizedException',
      REFUSED,
    )
  })
})

describe('WEB_AUTHN of a server in production', () => {
  it('takes no page without TLS', async () => {
    const server = await startTestServer({ env: { NODE_ENV: 'production', PUBLIC_URL: 'https://id.example.com' } })
    try {
      const { Id: poolId } = await makePool(server, PASSKEY_POOL)
      const at = { poolId, clientId: (await makeClient(server, poolId, PASSKEY_CLIENT)).ClientId }
      const { authenticator } = await holderAt(server, at, 'ada')
      const { session, options } = await beginWithPasskey(server, at.clientId, 'ada')
      const answer = (origin: string) =>
        responder(server, at)(
          'WEB_AUTHN',
          { USERNAME: 'ada', CREDENTIAL: JSON.stringify(authenticator.get(options, { origin })) },
          session,
        )
      await expectRefusal(answer('http://id.example.com'), 'NotAuthorizedException', REFUSED)
      expect((await answer('https://app.id.example.com')).AuthenticationResult).toBeDefined()
    } finally {
      await server.stop()
    }
  })
})
