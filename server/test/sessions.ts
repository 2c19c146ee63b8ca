// Temporary credentials for tests, and calls of the query protocol that no SDK client makes.
import { CognitoIdentityProviderClient } from '@aws-sdk/client-cognito-identity-provider'
import type { Credentials as StsCredentials } from '@aws-sdk/client-sts'
import { GetCallerIdentityCommand } from '@aws-sdk/client-sts'
import { type Credentials, stsClient } from './aws-clients.ts'
import type { TestServer } from './harness.ts'

/** Credentials of an answer as SDK clients take them. */
export const signerOf = (credentials: StsCredentials | undefined): Required<Credentials> => ({
  accessKeyId: credentials?.AccessKeyId as string,
  secretAccessKey: credentials?.SecretAccessKey as string,
  sessionToken: credentials?.SessionToken as string,
})

/** Who a key stands for, as the server says it. */
export async function identityOf(
  server: TestServer,
  signer: Credentials,
): Promise<{ Arn: string; UserId: string; Account: string }> {
  const sts = stsClient(server, signer)
  try {
    const { Arn, UserId, Account } = await sts.send(new GetCallerIdentityCommand({}))
    return { Arn, UserId, Account } as { Arn: string; UserId: string; Account: string }
  } finally {
    sts.destroy()
  }
}

export interface QueryAnswer {
  status: number
  contentType: string | null
  text: string
  code: string | undefined
  message: string | undefined
}

/** A call of the query protocol: a form in a POST, or whatever `init` makes of it. */
export async function queryCall(
  server: Pick<TestServer, 'url'>,
  form: Record<string, string> | string,
  init: RequestInit = {},
): Promise<QueryAnswer> {
  const response = await fetch(server.url, { method: 'POST', body: new URLSearchParams(form), ...init })
  return readAnswer(response)
}

/** What an XML answer says. */
export async function readAnswer(response: Response): Promise<QueryAnswer> {
  const text = await response.text()
  const element = (name: string): string | undefined =>
    new RegExp(`<${name}>([^<]*)</${name}>`)
      .exec(text)?.[1]
      ?.replaceAll('&apos;', "'")
      .replaceAll('&quot;', '"')
      .replaceAll('&lt;', '<')
      .replaceAll('&gt;', '>')
      .replaceAll('&amp;', '&')
  return {
    status: response.status,
    contentType: response.headers.get('content-type'),
    text,
    code: element('Code'),
    message: element('Message'),
  }
}

/** User pools, signed by anybody's key: what policies of an application are mostly about. */
export function poolsClient(server: TestServer, credentials: Credentials): CognitoIdentityProviderClient {
  const client = new CognitoIdentityProviderClient({
    endpoint: server.url,
    region: server.region,
    maxAttempts: 1,
    credentials,
  })
  server.clock.follow(client)
  return client
}

/** When credentials end, epoch milliseconds. */
export const expiryOf = (credentials: StsCredentials | undefined): number =>
  credentials?.Expiration?.getTime() ?? Number.NaN
