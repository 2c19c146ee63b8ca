import { describe, expect, it } from 'vitest'
import { Authenticator } from '../../../test/authenticator.ts'
import { expectRefusal, makeClient, makePool, makeUser, signIn, usePool, useTestServer } from '../../../test/harness.ts'
import {
  PASSKEY_CLIENT,
  PASSKEY_POOL,
  registerPasskey,
  setWebAuthn,
  startRegistration,
} from '../../../test/passkeys.ts'

describe('StartWebAuthnRegistration', () => {
  const server = useTestServer()
  const at = usePool(server, { pool: PASSKEY_POOL, client: PASSKEY_CLIENT, users: ['ada'] })
  const tokenOf = async (name: string) => (await signIn(server, at.clientId, name)).AccessToken

  it('gives what a browser needs to make a passkey', async () => {
    const options = await startRegistration(server, await tokenOf('ada'))
    expect(options).toEqual({
      rp: { id: 'localhost', name: 'localhost' },
      user: { id: expect.stringMatching(/^[\w-]{43}$/), name: 'ada', displayName: 'ada' },
      challenge: expect.stringMatching(/^[\w-]{100,}$/),
      pubKeyCredParams: [
        { type: 'public-key', alg: -7 },
        { type: 'public-key', alg: -257 },
      ],
      timeout: 60000,
      excludeCredentials: [],
      authenticatorSelection: { requireResidentKey: true, residentKey: 'required', userVerification: 'preferred' },
    })
  })

  it('makes another challenge each time, and one handle for all passkeys of a user', async () => {
    const [name, token] = ['grace', await makeUser(server, at.poolId, 'grace').then(() => tokenOf('grace'))]
    const first = await registerPasskey(server, token, new Authenticator())
    const second = await startRegistration(server, token)
    expect(second.challenge).not.toBe(first.challenge)
    expect(second.user).toEqual({ id: first.user.id, name, displayName: name })
    expect(second.excludeCredentials).toHaveLength(1)
    expect((await startRegistration(server, await tokenOf('ada'))).user.id).not.toBe(first.user.id)
  })

  it('shows the address where usernames are subs', async () => {
    const pool = await makePool(server, { ...PASSKEY_POOL, UsernameAttributes: ['email'] })
    const { ClientId } = await makeClient(server, pool.Id, PASSKEY_CLIENT)
    await makeUser(server, pool.Id, 'ada@example.com')
    const { user } = await startRegistration(server, (await signIn(server, ClientId, 'ada@example.com')).AccessToken)
    expect(user.name).toBe('ada@example.com')
  })

  it('names the relying party that is configured, and what it asks of authenticators', async () => {
    const token = await tokenOf('ada')
    await setWebAuthn(server, at, { RelyingPartyId: 'example.com', UserVerification: 'required' })
    const options = await startRegistration(server, token)
    expect(options.rp.id).toBe('example.com')
    expect(options.authenticatorSelection['userVerification']).toBe('required')
    await setWebAuthn(server, at, {})
  })

  it.each(['com', 'https://example.com', '192.0.2.1', 'Example.com'])(
    'cannot have the relying party %s',
    async (id) => {
      await expectRefusal(
        setWebAuthn(server, at, { RelyingPartyId: id }),
        'InvalidParameterException',
        /^The relying party ID/,
      )
    },
  )

  it('LimitExceededException for a user with 20 passkeys', async () => {
    await makeUser(server, at.poolId, 'many')
    const token = await tokenOf('many')
    for (let i = 0; i < 20; i++) await registerPasskey(server, token, new Authenticator())
    await expectRefusal(
      startRegistration(server, token),
      'LimitExceededException',
      'A user can have 20 passkeys at most.',
    )
  })

  it('WebAuthnNotEnabledException where passkeys are no first factor', async () => {
    const pool = await makePool(server)
    const { ClientId } = await makeClient(server, pool.Id)
    await makeUser(server, pool.Id, 'ada')
    const { AccessToken } = await signIn(server, ClientId, 'ada')
    await expectRefusal(
      startRegistration(server, AccessToken),
      'WebAuthnNotEnabledException',
      'Passkeys are not enabled for this user pool (WEB_AUTHN in AllowedFirstAuthFactors).',
    )
  })

  it('refuses a call without a valid access token', async () => {
    await expectRefusal(startRegistration(server, 'not.a.token'), 'NotAuthorizedException', 'Invalid Access Token')
  })
})

describe('StartWebAuthnRegistration of a server at an address', () => {
  const server = useTestServer({ env: { PUBLIC_URL: 'https://192.0.2.1' } })
  const at = usePool(server, { pool: PASSKEY_POOL, client: PASSKEY_CLIENT, users: ['ada'] })

  it('WebAuthnConfigurationMissingException, as no relying party is configured', async () => {
    const { AccessToken } = await signIn(server, at.clientId, 'ada')
    await expectRefusal(
      startRegistration(server, AccessToken),
      'WebAuthnConfigurationMissingException',
      'The user pool has no relying party: set WebAuthnConfiguration.RelyingPartyId to a domain.',
    )
  })
})
