// Pools with passkeys, users who have some, and sign-ins with them, for the tests of each.
import {
  CompleteWebAuthnRegistrationCommand,
  type CreateUserPoolClientCommandInput,
  type CreateUserPoolCommandInput,
  InitiateAuthCommand,
  StartWebAuthnRegistrationCommand,
  type WebAuthnConfigurationType,
} from '@aws-sdk/client-cognito-identity-provider'
import { flows } from '../src/cognito-idp/sign-in/flows.ts'
import type { Flow } from '../src/cognito-idp/sign-in/sign-in.ts'
import { findPool, replacePoolSettings, type UserPool } from '../src/cognito-idp/user-pools/pool-store.ts'
import type { Context } from '../src/context.ts'
import type { Authenticator, CreationOptions, RequestOptions, Twist } from './authenticator.ts'
import { ALL_FLOWS, type TestServer } from './harness.ts'

export const PASSKEY_POOL: Partial<CreateUserPoolCommandInput> = {
  Policies: { SignInPolicy: { AllowedFirstAuthFactors: ['PASSWORD', 'WEB_AUTHN'] } },
}
export const PASSKEY_CLIENT: Partial<CreateUserPoolClientCommandInput> = {
  ExplicitAuthFlows: [...ALL_FLOWS, 'ALLOW_USER_AUTH'],
}

// SetUserPoolMfaConfig is not here yet: the settings are written by the store, on the context of the pool's server.
const contexts = new Map<string, Context>()
const userAuth = flows.USER_AUTH as Flow
flows.USER_AUTH = {
  ...userAuth,
  begin: (context, request) => {
    contexts.set(request.pool.id, context)
    return userAuth.begin(context, request)
  },
}

/** Sets the WebAuthnConfiguration of a pool, and whether it asks for second factors. */
export async function setWebAuthn(
  server: TestServer,
  { poolId, clientId }: { poolId: string; clientId: string },
  WebAuthnConfiguration: WebAuthnConfigurationType,
  MfaConfiguration: 'OFF' | 'OPTIONAL' | 'ON' = 'OFF',
): Promise<void> {
  await beginWithPasskey(server, clientId, 'nobody').catch(() => undefined)
  const context = contexts.get(poolId) as Context
  const pool = (await findPool(context.db, poolId)) as UserPool
  const settings = { ...pool.settings, WebAuthnConfiguration, MfaConfiguration }
  await replacePoolSettings(context.db, pool, settings, context.clock.now())
  context.userPools.forget(poolId)
}

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
