// Users, roles and their keys for tests.
import { randomUUID } from 'node:crypto'
import {
  CreateAccessKeyCommand,
  CreateRoleCommand,
  CreateUserCommand,
  type IAMClient,
  PutRolePolicyCommand,
  PutUserPolicyCommand,
} from '@aws-sdk/client-iam'
import { type Credentials, iamClient } from './aws-clients.ts'
import { expectRefusal, type TestServer } from './harness.ts'

export interface Statement {
  Effect?: 'Allow' | 'Deny'
  Action?: string | string[]
  Resource?: string | string[]
  Principal?: unknown
  Condition?: Record<string, Record<string, string | string[]>>
  [element: string]: unknown
}

/** A policy document; `Allow` and every resource unless a statement says otherwise. */
export const policy = (...statements: Statement[]): string =>
  JSON.stringify({
    Version: '2012-10-17',
    Statement: statements.map((statement) => ({
      Effect: 'Allow',
      ...(statement['Principal'] === undefined && statement['NotResource'] === undefined && { Resource: '*' }),
      ...statement,
    })),
  })

/** A user with one inline policy and a key. */
export async function makeIamUser(iam: IAMClient, UserName: string, ...statements: Statement[]): Promise<Credentials> {
  await iam.send(new CreateUserCommand({ UserName }))
  if (statements.length > 0)
    await iam.send(new PutUserPolicyCommand({ UserName, PolicyName: 'inline', PolicyDocument: policy(...statements) }))
  const { AccessKey } = await iam.send(new CreateAccessKeyCommand({ UserName }))
  return {
    accessKeyId: AccessKey?.AccessKeyId as string,
    secretAccessKey: AccessKey?.SecretAccessKey as string,
  }
}

/** A role that trusts whom `trust` says, with one inline policy. Returns its ARN. */
export async function makeRole(
  iam: IAMClient,
  RoleName: string,
  trust: Statement,
  ...statements: Statement[]
): Promise<string> {
  const { Role } = await iam.send(
    new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument: policy({ Action: 'sts:AssumeRole', ...trust }) }),
  )
  if (statements.length > 0)
    await iam.send(new PutRolePolicyCommand({ RoleName, PolicyName: 'inline', PolicyDocument: policy(...statements) }))
  return Role?.Arn as string
}

/** Expects that a user without policies is refused, with the action and resource that the text names. */
export async function expectDenied(
  server: TestServer,
  call: (iam: IAMClient) => Promise<unknown>,
  action: string,
  resource: string,
): Promise<void> {
  const name = `powerless-${randomUUID()}`
  const iam = iamClient(server, await makeIamUser(iamClient(server), name))
  const arn = `arn:aws:iam::${server.accountId}:user/${name}`
  const text = `User: ${arn} is not authorized to perform: ${action} on resource: ${resource.replaceAll('$self', arn)}`
  await expectRefusal(call(iam), 'AccessDenied', `${text} because no identity-based policy allows the ${action} action`)
}
