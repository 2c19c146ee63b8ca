// Pools with passkeys, users who have some, and sign-ins with them, for the tests of each.
import {
  CompleteWebAuthnRegistrationCommand,
  type CreateUserPoolClientCommandInput,
  type CreateUserPoolCommandInput,
  InitiateAuthCommand,
  SetUserPoolMfaConfigCommand,
  StartWebAuthnRegistrationCommand,
  type WebAuthnConfigurationType,
} from '@aws-sdk/client-cognito-identity-provider'
import type { Authenticator, CreationOptions, RequestOptions, Twist } from './authenticator.ts'
import { ALL_FLOWS, type TestServer } from './harness.ts'

export const PASSKEY_POOL: Partial<CreateUserPoolCommandInput> = {
  Policies: { SignInPolicy: { AllowedFirstAuthFactors: ['PASSWORD', 'WEB_AUTHN'] } },
}
/** Passkeys may stand for two factors. */
export const MULTI_FACTOR: WebAuthnConfigurationType = { FactorConfiguration: 'MULTI_FACTOR_WITH_USER_VERIFICATION' }
export const PASSKEY_CLIENT: Partial<CreateUserPoolClientCommandInput> = {
  ExplicitAuthFlows: [...ALL_FLOWS, 'ALLOW_USER_AUTH'],
}

/** Sets the WebAuthnConfiguration of a pool, and whether it asks for second factors (then authenticator apps). */
export const setWebAuthn = (
  server: TestServer,
  { poolId }: { poolId: string },
  WebAuthnConfiguration: WebAuthnConfigurationType,
  MfaConfiguration: 'OFF' | 'OPTIONAL' | 'ON' = 'OFF',
) =>
  server.admin.send(
    new SetUserPoolMfaConfigCommand({
      UserPoolId: poolId,
      WebAuthnConfiguration,
      MfaConfiguration,
      ...(MfaConfiguration !== 'OFF' && { SoftwareTokenMfaConfiguration: { Enabled: true } }),
    }),
  )

/** CredentialCreationOptions for the user of a token. */
export async function startRegistration(server: TestServer, AccessToken: string): Promise<CreationOptions> {
  const answer = await server.app.send(new StartWebAuthnRegistrationCommand({ AccessToken }))
  return answer.CredentialCreationOptions as unknown as CreationOptions
}

export const completeRegistration = (server: TestServer, AccessToken: string, Credential: unknown) =>
  server.app.send(new CompleteWebAuthnRegistrationCommand({ AccessToken, Credential: Credential as never }))

/** Registers a passkey on the authenticator. */
export async function registerPasskey(
  server: TestServer,
  accessToken: string,
  authenticator: Authenticator,
  twist: Twist = {},
): Promise<CreationOptions> {
  const options = await startRegistration(server, accessToken)
  await completeRegistration(server, accessToken, authenticator.create(options, twist))
  return options
}

/** A sign-in up to its challenge WEB_AUTHN. */
export async function beginWithPasskey(
  server: TestServer,
  clientId: string,
  USERNAME: string,
): Promise<{ session: string; options: RequestOptions; name: string | undefined }> {
  const { ChallengeName, ChallengeParameters, Session } = await server.app.send(
    new InitiateAuthCommand({
      ClientId: clientId,
      AuthFlow: 'USER_AUTH',
      AuthParameters: { USERNAME, PREFERRED_CHALLENGE: 'WEB_AUTHN' },
    }),
  )
  const text = ChallengeParameters?.['CREDENTIAL_REQUEST_OPTIONS'] ?? 'null'
  return { session: Session as string, options: JSON.parse(text) as RequestOptions, name: ChallengeName }
}
