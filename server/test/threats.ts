// Pools with threat protection, and sign-ins from here and there, for its tests.
import {
  AdminInitiateAuthCommand,
  type AdminInitiateAuthCommandOutput,
  AdminListUserAuthEventsCommand,
  type AuthEventType,
  type CreateUserPoolCommandInput,
} from '@aws-sdk/client-cognito-identity-provider'
import { PASSWORD, type TestPool, type TestServer } from './harness.ts'

/** Settings of a pool. */
export const ENFORCED = {
  UserPoolTier: 'PLUS',
  UserPoolAddOns: { AdvancedSecurityMode: 'ENFORCED' },
} as const satisfies Partial<CreateUserPoolCommandInput>

export const AUDIT = {
  UserPoolTier: 'PLUS',
  UserPoolAddOns: { AdvancedSecurityMode: 'AUDIT' },
} as const satisfies Partial<CreateUserPoolCommandInput>

export interface From {
  address?: string
  userAgent?: string
  encodedData?: string
}

export const FIREFOX = 'Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0'
export const CHROME = 'Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/125.0.0.0 Safari/537.36'

/** Where a user signs in as ever. */
export const HOME: From = { address: '192.0.2.10', userAgent: FIREFOX }
/** Another device in another network: a risk, and a medium one. */
export const AWAY: From = { address: '198.51.100.7', userAgent: CHROME }

/** AdminInitiateAuth with a password, for a user who is somewhere. */
export const signInFrom = (
  server: TestServer,
  { poolId, clientId }: TestPool,
  { address = '192.0.2.10', userAgent = FIREFOX, encodedData }: From,
  { username = 'ann', password = PASSWORD }: { username?: string; password?: string } = {},
): Promise<AdminInitiateAuthCommandOutput> =>
  server.admin.send(
    new AdminInitiateAuthCommand({
      UserPoolId: poolId,
      ClientId: clientId,
      AuthFlow: 'ADMIN_USER_PASSWORD_AUTH',
      AuthParameters: { USERNAME: username, PASSWORD: password },
      ContextData: {
        IpAddress: address,
        ServerName: 'shop.example.com',
        ServerPath: '/sign-in',
        HttpHeaders: [{ headerName: 'User-Agent', headerValue: userAgent }],
        EncodedData: encodedData,
      },
    }),
  )

/** The events of a user, newest first. */
export const eventsOf = async (server: TestServer, UserPoolId: string, Username = 'ann'): Promise<AuthEventType[]> =>
  (await server.admin.send(new AdminListUserAuthEventsCommand({ UserPoolId, Username }))).AuthEvents ?? []
