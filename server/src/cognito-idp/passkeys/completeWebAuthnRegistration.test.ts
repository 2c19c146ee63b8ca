import { generateKeyPairSync } from 'node:crypto'
import { ListWebAuthnCredentialsCommand } from '@aws-sdk/client-cognito-identity-provider'
import { beforeEach, describe, expect, it } from 'vitest'
import { Authenticator, type Cbor, cbor, coseKey, type Twist } from '../../../test/authenticator.ts'
import {
  engines,
  expectRefusal,
  makeClient,
  makePool,
  makeUser,
  signIn,
  usePool,
  useTestServer,
} from '../../../test/harness.ts'
import {
  completeRegistration,
  PASSKEY_CLIENT,
  PASSKEY_POOL,
  registerPasskey,
  setWebAuthn,
  startRegistration,
} from '../../../test/passkeys.ts'

const MALFORMED = 'The credential is not a valid registration response.'
const CHALLENGE_NOT_FOUND = 'The challenge of the credential is unknown, has expired, or was used.'
const UNSUPPORTED = 'The credential is not supported: its key is neither ES256 nor RS256, or its user was not verified.'
const ORIGIN = 'The page that made the credential may not make passkeys.'
const MINUTE_MS = 60 * 1000

describe.each(engines)('CompleteWebAuthnRegistration on %s', (engine) => {
  const server = useTestServer({ engine })
  const at = usePool(server, { pool: PASSKEY_POOL, client: PASSKEY_CLIENT })
  let token: string
  let count = 0
  beforeEach(async () => {
    const name = `user-${++count}`
    await makeUser(server, at.poolId, name)
    token = (await signIn(server, at.clientId, name)).AccessToken
  })
  const list = async (AccessToken = token) =>
    (await server.app.send(new ListWebAuthnCredentialsCommand({ AccessToken }))).Credentials ?? []

  it.each(['ES256', 'RS256'] as const)('keeps a passkey of %s', async (algorithm) => {
    const authenticator = new Authenticator(algorithm)
    const options = await startRegistration(server, token)
    const answer = await completeRegistration(server, token, authenticator.create(options))
    expect({ ...answer, $metadata: undefined }).toEqual({})
    expect(await list()).toEqual([
      {
        CredentialId: authenticator.id.toString('base64url'),
        FriendlyCredentialName: 'Bitwarden',
        RelyingPartyId: 'localhost',
        AuthenticatorAttachment: 'platform',
        AuthenticatorTransports: ['hybrid', 'internal'],
        CreatedAt: expect.any(Date),
      },
    ])
  })

  it('takes a challenge once, also of calls at the same time', async () => {
    const options = await startRegistration(server, token)
    const outcomes = await Promise.allSettled(
      Array.from({ length: 6 }, () => completeRegistration(server, token, new Authenticator().create(options))),
    )
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
    expect(await list()).toHaveLength(1)
    await expectRefusal(
      completeRegistration(server, token, new Authenticator().create(options)),
      'WebAuthnChallengeNotFoundException',
      CHALLENGE_NOT_FOUND,
    )
  })

  it('LimitExceededException: never more than 20, also of calls at the same time', async () => {
    const options = await Promise.all(Array.from({ length: 24 }, () => startRegistration(server, token)))
    for (const one of options.slice(0, 17)) await completeRegistration(server, token, new Authenticator().create(one))
    const outcomes = await Promise.allSettled(
      options.slice(17).map((one) => completeRegistration(server, token, new Authenticator().create(one))),
    )
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(3)
    for (const outcome of outcomes)
      if (outcome.status === 'rejected') expect(outcome.reason.name).toBe('LimitExceededException')
    expect(await list()).toHaveLength(20)
  })

  it('refuses a passkey that the user has already', async () => {
    const authenticator = new Authenticator()
    await registerPasskey(server, token, authenticator)
    const again = registerPasskey(server, token, authenticator)
    await expectRefusal(again, 'InvalidParameterException', 'This passkey is registered already.')
    expect(await list()).toHaveLength(1)
  })
})

describe('CompleteWebAuthnRegistration', () => {
  const server = useTestServer()
  const at = usePool(server, { pool: PASSKEY_POOL, client: PASSKEY_CLIENT, users: ['ada', 'grace'] })
  let token: string
  beforeEach(async () => {
    token = (await signIn(server, at.clientId, 'ada')).AccessToken
  })
  /** A registration with what a real browser and authenticator would not do. */
  const twisted = async (twist: Twist, authenticator = new Authenticator()) => {
    const options = await startRegistration(server, token)
    return completeRegistration(server, token, authenticator.create(options, twist))
  }

  it('WebAuthnChallengeNotFoundException for a challenge of nobody, of another user or pool, and one too old', async () => {
    const refused = (call: Promise<unknown>) =>
      expectRefusal(call, 'WebAuthnChallengeNotFoundException', CHALLENGE_NOT_FOUND)
    await refused(twisted({ challenge: Buffer.alloc(32).toString('base64url') }))
    const graces = await startRegistration(server, (await signIn(server, at.clientId, 'grace')).AccessToken)
    await refused(completeRegistration(server, token, new Authenticator().create(graces)))
    const pool = await makePool(server, PASSKEY_POOL)
    const { ClientId } = await makeClient(server, pool.Id, PASSKEY_CLIENT)
    await makeUser(server, pool.Id, 'ada')
    const elsewhere = await startRegistration(server, (await signIn(server, ClientId, 'ada')).AccessToken)
    await refused(completeRegistration(server, token, new Authenticator().create(elsewhere)))
    const late = await startRegistration(server, token)
    server.clock.advance(5 * MINUTE_MS + 1)
    await refused(completeRegistration(server, token, new Authenticator().create(late)))
  })

  it('WebAuthnClientMismatchException for a registration that another client started', async () => {
    const { ClientId } = await makeClient(server, at.poolId, PASSKEY_CLIENT)
    const options = await startRegistration(server, (await signIn(server, ClientId, 'ada')).AccessToken)
    await expectRefusal(
      completeRegistration(server, token, new Authenticator().create(options)),
      'WebAuthnClientMismatchException',
      'The registration was started with another app client.',
    )
  })

  it.each([
    ['another site', { origin: 'https://evil.example' }],
    ['a site that only looks alike', { origin: 'https://notlocalhost' }],
    ['a page within a frame of another site', { clientData: { crossOrigin: true } }],
    ['a page that names the frame around it', { clientData: { topOrigin: 'https://evil.example' } }],
  ] as const)('WebAuthnOriginNotAllowedException for %s', async (_, twist) => {
    await expectRefusal(twisted(twist), 'WebAuthnOriginNotAllowedException', ORIGIN)
  })

  it('WebAuthnRelyingPartyMismatchException for a passkey of another domain', async () => {
    await expectRefusal(
      twisted({ rpId: 'example.com' }),
      'WebAuthnRelyingPartyMismatchException',
      'The credential was made for another relying party.',
    )
  })

  const ec = (namedCurve: string) => coseKey(generateKeyPairSync('ec', { namedCurve }).publicKey)
  const rsa = (modulusLength: number) => coseKey(generateKeyPairSync('rsa', { modulusLength }).publicKey)
  const key = (...entries: [number, Cbor][]) => cbor(new Map(entries))
  it.each<[string, () => Buffer]>([
    ['EdDSA', () => key([1, 1], [3, -8], [-1, 6], [-2, Buffer.alloc(32, 1)])],
    ['another curve', () => ec('P-384')],
    [
      'a point that is not on the curve',
      () => key([1, 2], [3, -7], [-1, 1], [-2, Buffer.alloc(32, 1)], [-3, Buffer.alloc(32, 1)]),
    ],
    ['a short RSA key', () => rsa(1024)],
    [
      'an RSA key of bad length',
      () => key([1, 3], [3, -257], [-1, Buffer.alloc(3000, 0xff)], [-2, Buffer.from([1, 0, 1])]),
    ],
    ['RS1', () => key([1, 3], [3, -65535], [-1, Buffer.alloc(256, 0xff)], [-2, Buffer.from([1, 0, 1])])],
    ['no algorithm', () => key([1, 2], [-1, 1])],
  ])('WebAuthnCredentialNotSupportedException for a key of %s', async (_, coseKey) => {
    await expectRefusal(twisted({ coseKey: coseKey() }), 'WebAuthnCredentialNotSupportedException', UNSUPPORTED)
  })

  it('WebAuthnCredentialNotSupportedException where the user has to be verified and was not', async () => {
    await setWebAuthn(server, at, { UserVerification: 'required' })
    await expectRefusal(twisted({ flags: { uv: false } }), 'WebAuthnCredentialNotSupportedException', UNSUPPORTED)
    await expect(twisted({})).resolves.toBeDefined()
    await setWebAuthn(server, at, {})
    await expect(twisted({ flags: { uv: false } })).resolves.toBeDefined()
  })

  const fmt = (attStmt: Cbor, authData: Cbor) =>
    cbor(
      new Map<string, Cbor>([
        ['fmt', 'none'],
        ['attStmt', attStmt],
        ['authData', authData],
      ]),
    )
  it.each<[string, Twist]>([
    ['nobody was there', { flags: { up: false } }],
    ['it is backed up and cannot be', { flags: { be: false, bs: true } }],
    ['no key was made', { flags: { at: false } }],
    ['the browser tells another id', { toldId: Buffer.alloc(32, 7).toString('base64url') }],
    ['it is the answer of a sign-in', { clientData: { type: 'webauthn.get' } }],
    ['the client data has no origin', { clientData: { origin: 7 } }],
    ['the attestation is no CBOR', { attestation: Buffer.from('ffff', 'hex') }],
    ['the attestation is nested deeply', { attestation: Buffer.alloc(20_000, 0x81) }],
    ['the attestation promises more than there is', { attestation: Buffer.from('9affffffff00', 'hex') }],
    ['the authenticator data is short', { attestation: fmt(new Map(), Buffer.alloc(36)) }],
    ['the authenticator data is no bytes', { attestation: fmt(new Map(), 'text') }],
  ])('InvalidParameterException when %s', async (_, twist) => {
    await expectRefusal(twisted(twist), 'InvalidParameterException', MALFORMED)
  })

  it.each<[string, unknown]>([
    ['nothing', {}],
    ['text', 'credential'],
    ['a list', []],
    ['another type', { type: 'password' }],
    ['an id that is no base64url', { id: 'a+b=', rawId: 'a+b=' }],
    ['two ids', { rawId: 'AAAA' }],
    ['a long id', { id: 'A'.repeat(1368), rawId: 'A'.repeat(1368) }],
    ['no response', { response: null }],
    ['no attestation', { response: {} }],
    ['a long attestation', { response: { attestationObject: 'A'.repeat(40_000) } }],
  ])('InvalidParameterException for a credential with %s', async (_, change) => {
    const whole = new Authenticator().create(await startRegistration(server, token))
    const isChange = typeof change === 'object' && !Array.isArray(change) && Object.keys(change ?? {}).length > 0
    const { response } = (change ?? {}) as { response?: object | null }
    const credential = isChange
      ? {
          ...whole,
          ...(change as object),
          ...(response && { response: { clientDataJSON: whole.response['clientDataJSON'], ...response } }),
        }
      : change
    await expectRefusal(completeRegistration(server, token, credential), 'InvalidParameterException', MALFORMED)
  })

  it('looks at no attestation: neither at its form nor at certificates in it', async () => {
    const options = await startRegistration(server, token)
    const { response, ...rest } = new Authenticator().create(options)
    // The map's key `fmt` becomes another, and the statement is whatever it likes to be.
    const bytes = Buffer.from(response['attestationObject'] as string, 'base64url')
    const renamed = Buffer.from(bytes.toString('latin1').replace('none', 'tpm!'), 'latin1')
    const credential = { ...rest, response: { ...response, attestationObject: renamed.toString('base64url') } }
    await expect(completeRegistration(server, token, credential)).resolves.toBeDefined()
  })

  it('WebAuthnNotEnabledException where passkeys are no first factor', async () => {
    const pool = await makePool(server)
    const { ClientId } = await makeClient(server, pool.Id)
    await makeUser(server, pool.Id, 'ada')
    const { AccessToken } = await signIn(server, ClientId, 'ada')
    await expectRefusal(completeRegistration(server, AccessToken, {}), 'WebAuthnNotEnabledException')
  })

  it('refuses a call without a valid access token', async () => {
    await expectRefusal(completeRegistration(server, 'x', {}), 'NotAuthorizedException', 'Invalid Access Token')
  })
})
