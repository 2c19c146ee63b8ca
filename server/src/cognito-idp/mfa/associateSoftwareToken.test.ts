// What both operations have in common is verifySoftwareToken.test.ts.
import {
  AssociateSoftwareTokenCommand,
  SetUserMFAPreferenceCommand,
  VerifySoftwareTokenCommand,
} from '@aws-sdk/client-cognito-identity-provider'
import { beforeAll, describe, expect, it } from 'vitest'
import { responder } from '../../../test/challenges.ts'
import { expectRefusal, makeUser, signIn, type TestPool, useTestServer } from '../../../test/harness.ts'
import { begin, codeOf, giveToken, poolWith, STEP_MS, TOTP } from '../../../test/second-factors.ts'

describe('AssociateSoftwareToken', () => {
  const server = useTestServer()
  let at: TestPool
  beforeAll(async () => {
    at = await poolWith(server, { MfaConfiguration: 'OPTIONAL', ...TOTP })
  })

  it('leaves an earlier token working until the new one is verified', async () => {
    await makeUser(server, at.poolId, 'ada')
    const first = await giveToken(server, at.clientId, 'ada')
    const signInWith = async (secret: string): Promise<string> => {
      server.clock.advance(STEP_MS)
      const { Session } = await begin(server, at.clientId, 'ada')
      const SOFTWARE_TOKEN_MFA_CODE = codeOf(secret, server.clock.now())
      const answer = await responder(server, at)(
        'SOFTWARE_TOKEN_MFA',
        { USERNAME: 'ada', SOFTWARE_TOKEN_MFA_CODE },
        Session,
      )
      return answer.AuthenticationResult?.AccessToken as string
    }
    const AccessToken = await signInWith(first)
    const { SecretCode = '' } = await server.app.send(new AssociateSoftwareTokenCommand({ AccessToken }))
    expect(await signInWith(first)).toBeDefined()
    await expectRefusal(signInWith(SecretCode), 'CodeMismatchException')
    await server.app.send(
      new VerifySoftwareTokenCommand({ AccessToken, UserCode: codeOf(SecretCode, server.clock.now()) }),
    )
    await expectRefusal(signInWith(first), 'CodeMismatchException')
    expect(await signInWith(SecretCode)).toBeDefined()
  })

  it('makes no factor by itself', async () => {
    await makeUser(server, at.poolId, 'grace')
    const { AccessToken } = await signIn(server, at.clientId, 'grace')
    await server.app.send(new AssociateSoftwareTokenCommand({ AccessToken }))
    await expectRefusal(
      server.app.send(new SetUserMFAPreferenceCommand({ AccessToken, SoftwareTokenMfaSettings: { Enabled: true } })),
      'InvalidParameterException',
      'User has not set up software token mfa',
    )
  })
})
