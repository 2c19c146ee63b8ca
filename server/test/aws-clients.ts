// SDK clients of the services other than user pools, with the credentials that a test chooses.
import { CognitoIdentityClient } from '@aws-sdk/client-cognito-identity'
import { CognitoSyncClient } from '@aws-sdk/client-cognito-sync'
import { IAMClient } from '@aws-sdk/client-iam'
import { STSClient } from '@aws-sdk/client-sts'
import type { TestServer } from './harness.ts'

/** Credentials as SDKs take them; with a session token for temporary ones. */
export interface Credentials {
  accessKeyId: string
  secretAccessKey: string
  sessionToken?: string
}

/** `nobody` sends unsigned requests, as apps do. */
type Signer = Credentials | 'nobody'

// One try: what tests are about is the first answer. Clients move along with the server's clock.
function configure<Client extends { config: { systemClockOffset: number } }>(
  server: TestServer,
  make: (config: {
    endpoint: string
    region: string
    maxAttempts: number
    credentials?: Credentials
    signer?: { sign: <Request>(request: Request) => Promise<Request> }
  }) => Client,
  signer: Signer,
): Client {
  const client = make({
    endpoint: server.url,
    region: server.region,
    maxAttempts: 1,
    ...(signer === 'nobody'
      ? { signer: { sign: async (request) => request }, credentials: { accessKeyId: '-', secretAccessKey: '-' } }
      : { credentials: signer }),
  })
  server.clock.follow(client)
  return client
}

/** Identity pools; signed with the administrator's key unless told otherwise. */
export const identityClient = (server: TestServer, signer: Signer = server.credentials): CognitoIdentityClient =>
  configure(server, (config) => new CognitoIdentityClient(config), signer)

/** Cognito Sync, signed as identity pools are. */
export const syncClient = (server: TestServer, signer: Signer = server.credentials): CognitoSyncClient =>
  configure(server, (config) => new CognitoSyncClient(config), signer)

export const stsClient = (server: TestServer, signer: Signer = server.credentials): STSClient =>
  configure(server, (config) => new STSClient(config), signer)

export const iamClient = (server: TestServer, signer: Signer = server.credentials): IAMClient =>
  configure(server, (config) => new IAMClient(config), signer)
