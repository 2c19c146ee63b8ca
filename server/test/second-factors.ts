// Pools with second factors, and the authenticator app of a test's user.
import {
  AssociateSoftwareTokenCommand,
  InitiateAuthCommand,
  type InitiateAuthCommandOutput,
  SetUserMFAPreferenceCommand,
  SetUserPoolMfaConfigCommand,
  type SetUserPoolMfaConfigCommandInput,
  VerifySoftwareTokenCommand,
} from '@aws-sdk/client-cognito-identity-provider'
import { fromBase32, stepOf, totpCode } from '../src/crypto/totp.ts'
import { makeClient, makePool, PASSWORD, signIn, type TestPool, type TestServer } from './harness.ts'

export const SMS = { SmsConfiguration: { SnsCallerArn: 'arn:aws:iam::123456789012:role/sms' } }
export const TOTP = { SoftwareTokenMfaConfiguration: { Enabled: true } }
export const EMAIL = { EmailMfaConfiguration: {} }
export const STEP_MS = 30_000

/** The code that an app shows at a time (epoch milliseconds). */
export const codeOf = (secret: string, at: number): string => totpCode(fromBase32(secret), stepOf(at))

/** A code of an app that is not one of those that are right around a time. */
export function wrongCodeOf(secret: string, at: number): string {
  const right = [-2, -1, 0, 1, 2].map((step) => codeOf(secret, at + step * STEP_MS))
  return ['000000', '111111', '222222', '333333', '444444', '555555'].find((code) => !right.includes(code)) as string
}

type Factors = Omit<SetUserPoolMfaConfigCommandInput, 'UserPoolId'>

/** A pool with these second factors, and an app client. */
export async function poolWith(
  server: TestServer,
  factors: Factors,
  settings: Parameters<typeof makePool>[1] = {},
): Promise<TestPool> {
  const poolId = (await makePool(server, settings)).Id
  await server.admin.send(new SetUserPoolMfaConfigCommand({ UserPoolId: poolId, ...factors }))
  return { poolId, clientId: (await makeClient(server, poolId)).ClientId }
}

/** The first step of a sign-in with the password. */
export const begin = (server: TestServer, clientId: string, USERNAME: string): Promise<InitiateAuthCommandOutput> =>
  server.app.send(
    new InitiateAuthCommand({
      ClientId: clientId,
      AuthFlow: 'USER_PASSWORD_AUTH',
      AuthParameters: { USERNAME, PASSWORD },
    }),
  )

/** Gives a user of an OPTIONAL pool a software token, which it prefers, by an access token. Returns the secret. */
export async function giveToken(server: TestServer, clientId: string, name: string): Promise<string> {
  const { AccessToken } = await signIn(server, clientId, name)
  const { SecretCode = '' } = await server.app.send(new AssociateSoftwareTokenCommand({ AccessToken }))
  const UserCode = codeOf(SecretCode, server.clock.now())
  await server.app.send(new VerifySoftwareTokenCommand({ AccessToken, UserCode }))
  await server.app.send(
    new SetUserMFAPreferenceCommand({ AccessToken, SoftwareTokenMfaSettings: { Enabled: true, PreferredMfa: true } }),
  )
  // The next code is one that nobody has used.
  server.clock.advance(STEP_MS)
  return SecretCode
}
