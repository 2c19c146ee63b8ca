// Calls of GetCredentialsForIdentity, unsigned as apps make them, for its tests.
import {
  GetCredentialsForIdentityCommand,
  type GetCredentialsForIdentityCommandOutput,
} from '@aws-sdk/client-cognito-identity'
import type { Credentials } from './aws-clients.ts'
import { expectRefusal, type TestServer } from './harness.ts'
import type { IdentityWorld } from './identity-world.ts'
import { identityOf } from './sessions.ts'

export const CONFIGURATION = 'Invalid identity pool configuration. Check assigned IAM roles for this pool.'
export const forbidden = (id: string): string => `Access to Identity '${id}' is forbidden.`

type Call = [IdentityId: string, Logins?: Record<string, string>, CustomRoleArn?: string]

export interface IdentityCredentialCalls {
  get(...call: Call): Promise<GetCredentialsForIdentityCommandOutput>
  /** The credentials, as SDK clients take them. */
  signerOf(...call: Call): Promise<Required<Credentials>>
  /** Who the credentials stand for. */
  arnOf(...call: Call): Promise<string>
  /** That ARN for a role. */
  sessionArn(role: string): string
  /** Expects that the call is refused. */
  refused(name: string, message: string, ...call: Call): Promise<void>
  /** A name that nothing of this file has had. */
  fresh(what: string): string
}

export function identityCredentialCalls(server: TestServer, world: IdentityWorld): IdentityCredentialCalls {
  let names = 0
  const get: IdentityCredentialCalls['get'] = (IdentityId, Logins, CustomRoleArn) =>
    world.app.send(new GetCredentialsForIdentityCommand({ IdentityId, Logins, CustomRoleArn }))
  const signerOf: IdentityCredentialCalls['signerOf'] = async (...call) => {
    const { Credentials: given } = await get(...call)
    return {
      accessKeyId: given?.AccessKeyId as string,
      secretAccessKey: given?.SecretKey as string,
      sessionToken: given?.SessionToken as string,
    }
  }
  return {
    get,
    signerOf,
    arnOf: async (...call) => (await identityOf(server, await signerOf(...call))).Arn,
    sessionArn: (role) => `arn:aws:sts::${server.accountId}:assumed-role/${role}/CognitoIdentityCredentials`,
    refused: (name, message, ...call) => expectRefusal(get(...call), name, message),
    fresh: (what) => `${what}-${++names}`,
  }
}
