import { ListWebAuthnCredentialsCommand } from '@aws-sdk/client-cognito-identity-provider'
import { describe, expect, it } from 'vitest'
import { Authenticator } from '../../../test/authenticator.ts'
import { expectRefusal, signIn, usePool, useTestServer } from '../../../test/harness.ts'
import { PASSKEY_CLIENT, PASSKEY_POOL, registerPasskey } from '../../../test/passkeys.ts'

describe('ListWebAuthnCredentials', () => {
  const server = useTestServer()
  const at = usePool(server, { pool: PASSKEY_POOL, client: PASSKEY_CLIENT, users: ['ada', 'grace'] })
  const tokenOf = async (name: string) => (await signIn(server, at.clientId, name)).AccessToken
  const list = (AccessToken: string, more: { NextToken?: string; MaxResults?: number } = {}) =>
    server.app.send(new ListWebAuthnCredentialsCommand({ AccessToken, ...more }))

  it('is empty at first', async () => {
    expect(await list(await tokenOf('grace'))).toMatchObject({ Credentials: [] })
  })

  it('gives the passkeys in pages, the oldest first, and each once', async () => {
    const token = await tokenOf('ada')
    const ids: string[] = []
    for (let i = 0; i < 5; i++) {
      const authenticator = new Authenticator()
      await registerPasskey(server, token, authenticator)
      ids.push(authenticator.id.toString('base64url'))
      // Two of one millisecond, as well.
      if (i !== 2) server.clock.advance(1000)
    }
    expect((await list(token)).Credentials?.map(({ CredentialId }) => CredentialId).sort()).toEqual([...ids].sort())
    const paged: (string | undefined)[] = []
    let NextToken: string | undefined
    do {
      const page = await list(token, { MaxResults: 2, NextToken })
      expect(page.Credentials?.length).toBeLessThanOrEqual(2)
      paged.push(...(page.Credentials ?? []).map(({ CredentialId }) => CredentialId))
      NextToken = page.NextToken
    } while (NextToken)
    expect([...paged].sort()).toEqual([...ids].sort())
    expect(paged.slice(0, 2)).toEqual(ids.slice(0, 2))
    expect((await list(token, { MaxResults: 0 })).Credentials).toHaveLength(5)
  })

  it('InvalidParameterException for a page token of another user, and for more than 20', async () => {
    const [ada, grace] = [await tokenOf('ada'), await tokenOf('grace')]
    const { NextToken } = await list(ada, { MaxResults: 1 })
    expect(NextToken).toEqual(expect.any(String))
    await expectRefusal(list(grace, { NextToken }), 'InvalidParameterException', 'Invalid pagination token')
    await expectRefusal(list(ada, { MaxResults: 21 }), 'InvalidParameterException')
  })

  it('refuses a call without a valid access token', async () => {
    await expectRefusal(list('x'), 'NotAuthorizedException', 'Invalid Access Token')
  })
})
