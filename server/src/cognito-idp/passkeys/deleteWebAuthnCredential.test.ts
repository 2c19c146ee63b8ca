import {
  DeleteWebAuthnCredentialCommand,
  ListWebAuthnCredentialsCommand,
} from '@aws-sdk/client-cognito-identity-provider'
import { describe, expect, it } from 'vitest'
import { Authenticator } from '../../../test/authenticator.ts'
import { engines, expectRefusal, makeUser, signIn, usePool, useTestServer } from '../../../test/harness.ts'
import { beginWithPasskey, PASSKEY_CLIENT, PASSKEY_POOL, registerPasskey } from '../../../test/passkeys.ts'

describe.each(engines)('DeleteWebAuthnCredential on %s', (engine) => {
  const server = useTestServer({ engine })
  const at = usePool(server, { pool: PASSKEY_POOL, client: PASSKEY_CLIENT })
  const newUser = async (name: string) => {
    await makeUser(server, at.poolId, name)
    return (await signIn(server, at.clientId, name)).AccessToken
  }
  const remove = (AccessToken: string, { id }: Authenticator) =>
    server.app.send(new DeleteWebAuthnCredentialCommand({ AccessToken, CredentialId: id.toString('base64url') }))
  const idsOf = async (AccessToken: string) =>
    (await server.app.send(new ListWebAuthnCredentialsCommand({ AccessToken }))).Credentials?.map(
      ({ CredentialId }) => CredentialId,
    )

  it('removes one passkey; with the last one the challenge is not offered any more', async () => {
    const token = await newUser('ada')
    const [first, second] = [new Authenticator(), new Authenticator()]
    await registerPasskey(server, token, first)
    await registerPasskey(server, token, second)
    await remove(token, first)
    expect(await idsOf(token)).toEqual([second.id.toString('base64url')])
    expect((await beginWithPasskey(server, at.clientId, 'ada')).options.allowCredentials).toHaveLength(1)
    await remove(token, second)
    expect(await idsOf(token)).toEqual([])
    const after = await beginWithPasskey(server, at.clientId, 'ada').catch(() => ({ name: 'refused' }))
    expect(after.name).not.toBe('WEB_AUTHN')
  })

  it('frees a place of 20, whatever happens at the same time', async () => {
    const token = await newUser('grace')
    const authenticators = Array.from({ length: 20 }, () => new Authenticator())
    for (const one of authenticators) await registerPasskey(server, token, one)
    const doomed = authenticators.slice(0, 4)
    const outcomes = await Promise.allSettled([...doomed, ...doomed].map((one) => remove(token, one)))
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(4)
    for (let i = 0; i < 4; i++) await registerPasskey(server, token, new Authenticator())
    await expectRefusal(registerPasskey(server, token, new Authenticator()), 'LimitExceededException')
  })

  it('ResourceNotFoundException for an unknown passkey, and for one of another user', async () => {
    const [token, other] = [await newUser('bea'), await newUser('cleo')]
    const authenticator = new Authenticator()
    await registerPasskey(server, other, authenticator)
    await expectRefusal(remove(token, authenticator), 'ResourceNotFoundException', 'The passkey does not exist.')
    await expectRefusal(remove(token, new Authenticator()), 'ResourceNotFoundException', 'The passkey does not exist.')
    expect(await idsOf(other)).toHaveLength(1)
  })

  it('refuses a call without a valid access token', async () => {
    await expectRefusal(remove('x', new Authenticator()), 'NotAuthorizedException', 'Invalid Access Token')
  })
})
