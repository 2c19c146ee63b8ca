// Clients of one region of a server: its address and its signatures name it.
import {
  CognitoIdentityProviderClient,
  CreateUserPoolReplicaCommand,
  UpdateUserPoolReplicaCommand,
} from '@aws-sdk/client-cognito-identity-provider'
import type { TestServer } from './harness.ts'
import { ask } from './recovery-codes.ts'

/** The region in which the pools of these tests are replicated. */
export const SECOND = 'eu-west-1'

/** The server as a region of it: `admin` signs for the region, `app` does not sign, and both call its address. */
export function inRegion(server: TestServer, region: string): TestServer {
  const endpoint = `${server.url}/regions/${region}`
  const admin = new CognitoIdentityProviderClient({ endpoint, region, credentials: server.credentials, maxAttempts: 1 })
  const app = new CognitoIdentityProviderClient({ endpoint, region, maxAttempts: 1 })
  server.clock.follow(admin)
  const { url, publicUrl, credentials, clock, accountId } = server
  return {
    url,
    publicUrl: `${publicUrl}/regions/${region}`,
    credentials,
    clock,
    accountId,
    region,
    admin,
    app,
  } as TestServer
}

/** Gives a pool a replica, which serves at once. */
export async function replicate(server: TestServer, UserPoolId: string, RegionName = SECOND): Promise<void> {
  await server.admin.send(new CreateUserPoolReplicaCommand({ UserPoolId, RegionName }))
  await server.admin.send(new UpdateUserPoolReplicaCommand({ UserPoolId, RegionName, Status: 'ACTIVE' }))
}

/** PromoteUserPoolReplica, which no SDK has, from a region. */
export const promote = (
  server: TestServer,
  UserPoolId: string,
  RegionName = SECOND,
): Promise<Record<string, unknown>> => ask(server, 'PromoteUserPoolReplica', { UserPoolId, RegionName }, true)
