// The fixture of all conformance tests: the AWS SDK's client for a started server, a pool, an app client, and the codes
// that the development server captured instead of sending.
import {
  AdminCreateUserCommand,
  AdminSetUserPasswordCommand,
  CognitoIdentityProviderClient,
  type CognitoIdentityProviderClientConfig,
  CreateUserPoolClientCommand,
  type CreateUserPoolClientCommandInput,
  CreateUserPoolCommand,
  type CreateUserPoolCommandInput,
} from '@aws-sdk/client-cognito-identity-provider'
import type { StartedServer } from './start-server.ts'

type Address = Pick<StartedServer, 'url' | 'region' | 'credentials'>

/** Signs with the administrator's key. It tries each call once, so that an answer belongs to one request. */
export function adminClient(
  { url, region, credentials }: Address,
  settings: CognitoIdentityProviderClientConfig = {},
): CognitoIdentityProviderClient {
  return new CognitoIdentityProviderClient({ endpoint: url, region, credentials, maxAttempts: 1, ...settings })
}

export interface PoolAndClient {
  poolId: string
  clientId: string
}

/** A pool whose users sign up with an e-mail address that is verified by code, and an app client for the usual flows. */
export async function makePool(
  admin: CognitoIdentityProviderClient,
  pool: Partial<CreateUserPoolCommandInput> = {},
  client: Partial<CreateUserPoolClientCommandInput> = {},
): Promise<PoolAndClient> {
  const { UserPool } = await admin.send(
    new CreateUserPoolCommand({ PoolName: 'conformance', AutoVerifiedAttributes: ['email'], ...pool }),
  )
  const poolId = UserPool?.Id as string
  const { UserPoolClient } = await admin.send(
    new CreateUserPoolClientCommand({
      UserPoolId: poolId,
      ClientName: 'app',
      ExplicitAuthFlows: ['ALLOW_USER_SRP_AUTH', 'ALLOW_USER_PASSWORD_AUTH', 'ALLOW_REFRESH_TOKEN_AUTH'],
      ...client,
    }),
  )
  return { poolId, clientId: UserPoolClient?.ClientId as string }
}

/** A pool that asks for an SMS code on new devices, and remembers a device when its user asks for that. */
export const deviceTrackingPool: Partial<CreateUserPoolCommandInput> = {
  MfaConfiguration: 'ON',
  SmsConfiguration: { SnsCallerArn: 'arn:aws:iam::123456789012:role/sms' },
  DeviceConfiguration: { ChallengeRequiredOnNewDevice: true, DeviceOnlyRememberedOnUserPrompt: true },
}

/** A confirmed user with a phone number and a password. */
export async function makeUserWithPhone(
  admin: CognitoIdentityProviderClient,
  UserPoolId: string,
  { Username, Password, phone }: { Username: string; Password: string; phone: string },
): Promise<void> {
  await admin.send(
    new AdminCreateUserCommand({
      UserPoolId,
      Username,
      MessageAction: 'SUPPRESS',
      UserAttributes: [{ Name: 'phone_number', Value: phone }],
    }),
  )
  await admin.send(new AdminSetUserPasswordCommand({ UserPoolId, Username, Password, Permanent: true }))
}

interface CapturedMessage {
  to: string
  subject?: string
  body: string
  code?: string
}

/** The newest message to an address, from the development server's outbox. */
export async function newestMessage({ url }: Pick<Address, 'url'>, to: string): Promise<CapturedMessage> {
  const response = await fetch(`${url}/outbox.json?to=${encodeURIComponent(to)}`)
  if (!response.ok) throw new Error(`/outbox.json answered with ${response.status}: ${await response.text()}`)
  const { messages } = (await response.json()) as { messages: CapturedMessage[] }
  const newest = messages[0]
  if (newest === undefined) throw new Error(`No message went to ${to}.`)
  return newest
}

/** The code in the newest message to an address, read from its text as a person would. */
export async function newestCode(server: Pick<Address, 'url'>, to: string): Promise<string> {
  const { body } = await newestMessage(server, to)
  const code = /\b\d{6}\b/.exec(body)?.[0]
  if (code === undefined) throw new Error(`No code is in the message to ${to}: ${body}`)
  return code
}
