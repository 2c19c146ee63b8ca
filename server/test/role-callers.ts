// Users who assume roles, for tests of AssumeRole.
import type { IAMClient } from '@aws-sdk/client-iam'
import {
  AssumeRoleCommand,
  type AssumeRoleCommandInput,
  type AssumeRoleCommandOutput,
  type Tag,
} from '@aws-sdk/client-sts'
import { beforeAll } from 'vitest'
import { type Credentials, iamClient, stsClient } from './aws-clients.ts'
import type { TestServer } from './harness.ts'
import { makeIamUser, makeRole } from './iam.ts'

export interface RoleCallers {
  readonly iam: IAMClient
  /** Has no policies; the role Plain trusts her. */
  readonly ada: Credentials
  /** May assume every role that trusts the account, such as the role Account. */
  readonly bea: Credentials
  /** The principal of a trust policy that names ada. */
  readonly adaIs: { Principal: { AWS: string } }
  arnOf(name: string): string
  roleArn(name: string): string
  /** Assumes a role, by its name or ARN; ada does unless another signer is named. */
  assume(role: string, signer?: Credentials, input?: Partial<AssumeRoleCommandInput>): Promise<AssumeRoleCommandOutput>
  /** How STS refuses a caller. */
  denied(who: string, role: string, action?: string): string
  adaDenied(role: string, action?: string): string
}

/** Callers for all tests of a `describe`; use them inside of tests and hooks only. */
export function useRoleCallers(server: TestServer): RoleCallers {
  const arnOf = (name: string) => `arn:aws:iam::${server.accountId}:${name}`
  const roleArn = (name: string) => arnOf(`role/${name}`)
  const denied: RoleCallers['denied'] = (who, role, action = 'sts:AssumeRole') =>
    `User: ${who} is not authorized to perform: ${action} on resource: ${roleArn(role)}`
  const callers: { -readonly [Member in keyof RoleCallers]: RoleCallers[Member] } = {
    iam: undefined as never,
    ada: undefined as never,
    bea: undefined as never,
    adaIs: { Principal: { AWS: '' } },
    arnOf,
    roleArn,
    assume: (role, signer = callers.ada, input = {}) =>
      stsClient(server, signer).send(
        new AssumeRoleCommand({
          RoleArn: role.startsWith('arn:') ? role : roleArn(role),
          RoleSessionName: 'walk',
          ...input,
        }),
      ),
    denied,
    adaDenied: (role, action) => denied(arnOf('user/ada'), role, action),
  }
  beforeAll(async () => {
    const iam = iamClient(server)
    callers.iam = iam
    callers.ada = await makeIamUser(iam, 'ada')
    const everyRole = { Action: ['sts:AssumeRole', 'sts:TagSession'], Resource: roleArn('*') }
    callers.bea = await makeIamUser(iam, 'bea', everyRole)
    callers.adaIs.Principal.AWS = arnOf('user/ada')
    await makeRole(iam, 'Plain', callers.adaIs, { Action: ['iam:GetRole', 'iam:ListRoles', 'iam:GetUser'] })
    await makeRole(iam, 'Account', { Principal: { AWS: arnOf('root') } })
  })
  return callers
}

/** A session tag. */
export const tag = (Key: string, Value: string): Required<Pick<Tag, 'Key' | 'Value'>> => ({ Key, Value })

/** As policies refer to a condition key. */
export const variable = (key: string): string => `\${${key}}`
