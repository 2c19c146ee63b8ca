// Clients of one region of a server: its address and its signatures name it.
import {
  CognitoIdentityProviderClient,
  CreateUserPoolReplicaCommand,
  DeleteUserPoolReplicaCommand,
  DescribeUserPoolCommand,
  ListUserPoolReplicasCommand,
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

/** The operations of a pool and its replicas, called as the administrator; `poolId` gives the pool of the running test. */
export const replicaCalls = (server: TestServer, poolId: () => string) => ({
  create: (RegionName = SECOND, UserPoolTags?: Record<string, string>, id = poolId()) =>
    server.admin.send(new CreateUserPoolReplicaCommand({ UserPoolId: id, RegionName, UserPoolTags })),
  update: (Status: 'ACTIVE' | 'INACTIVE', RegionName = SECOND, at = server) =>
    at.admin.send(new UpdateUserPoolReplicaCommand({ UserPoolId: poolId(), RegionName, Status })),
  remove: (RegionName = SECOND, at = server) =>
    at.admin.send(new DeleteUserPoolReplicaCommand({ UserPoolId: poolId(), RegionName })),
  list: async (at = server) =>
    (await at.admin.send(new ListUserPoolReplicasCommand({ UserPoolId: poolId() }))).UserPoolReplicas,
  describePool: async (at = server) =>
    (await at.admin.send(new DescribeUserPoolCommand({ UserPoolId: poolId() }))).UserPool,
  arn: (region: string) => `arn:aws:cognito-idp:${region}:000000000000:userpool/${poolId()}`,
  /** What lists show of a region. */
  replica: (Status: string, Role = 'SECONDARY', region = SECOND) => ({
    RegionName: region,
    Status,
    Role,
    UserPoolArn: `arn:aws:cognito-idp:${region}:000000000000:userpool/${poolId()}`,
  }),
})
