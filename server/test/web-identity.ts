// Calls of AssumeRoleWithWebIdentity, unsigned as apps make them, and the refusals that many of their tests expect.
import {
  AssumeRoleWithWebIdentityCommand,
  type AssumeRoleWithWebIdentityCommandInput,
  type AssumeRoleWithWebIdentityCommandOutput,
} from '@aws-sdk/client-sts'
import { stsClient } from './aws-clients.ts'
import type { TestServer } from './harness.ts'

export const NOT_ALLOWED = ['AccessDenied', 'Not authorized to perform sts:AssumeRoleWithWebIdentity'] as const
export const NO_JWT = 'The ID Token provided is not a valid JWT. (You may see this error if you sent an Access Token)'
export const NO_KEY =
  "Couldn't retrieve verification key from your identity provider,  please reference AssumeRoleWithWebIdentity documentation for requirements"

export type AssumeWithToken = (
  RoleArn: string,
  WebIdentityToken: string,
  input?: Partial<AssumeRoleWithWebIdentityCommandInput>,
) => Promise<AssumeRoleWithWebIdentityCommandOutput>

/** Assumes a role of `server` with a token, in a session named walk. */
export const assumerWithToken =
  (server: TestServer): AssumeWithToken =>
  (RoleArn, WebIdentityToken, input = {}) =>
    stsClient(server, 'nobody').send(
      new AssumeRoleWithWebIdentityCommand({ RoleArn, RoleSessionName: 'walk', WebIdentityToken, ...input }),
    )
