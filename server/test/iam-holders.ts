// Tables of tests over users, groups and roles: their operations differ in names only, so each case is written once and
// runs for every kind.
import {
  CreateGroupCommand,
  CreateServiceLinkedRoleCommand,
  CreateUserCommand,
  DeleteGroupCommand,
  DeleteRoleCommand,
  DeleteUserCommand,
  type IAMClient,
} from '@aws-sdk/client-iam'
import { describe, it } from 'vitest'
import { iamClient } from './aws-clients.ts'
import { type Engine, engines, expectRefusal, type TestServer } from './harness.ts'
import { expectDenied, makeRole } from './iam.ts'

/** An operation of one kind, as a row of a table: `name` is the user, group, role or ARN that a call names. */
export interface Call<Rest, Output> {
  readonly operation: string
  readonly send: (iam: IAMClient, name: string, rest: Rest) => Promise<Output>
}

/** A page of a list, as it is asked for and as it ends. */
export interface PageInput {
  MaxItems?: number | undefined
  Marker?: string | undefined
}
export interface PageOutput {
  IsTruncated?: boolean | undefined
  Marker?: string | undefined
}

interface Lifetime {
  make: (iam: IAMClient, name: string) => Promise<unknown>
  remove: (iam: IAMClient, name: string) => Promise<unknown>
}

const user: Lifetime = {
  make: (iam, UserName) => iam.send(new CreateUserCommand({ UserName })),
  remove: (iam, UserName) => iam.send(new DeleteUserCommand({ UserName })),
}
const group: Lifetime = {
  make: (iam, GroupName) => iam.send(new CreateGroupCommand({ GroupName })),
  remove: (iam, GroupName) => iam.send(new DeleteGroupCommand({ GroupName })),
}
const role: Lifetime = {
  make: (iam, RoleName) => makeRole(iam, RoleName, { Principal: { Service: 'x.amazonaws.com' } }),
  remove: (iam, RoleName) => iam.send(new DeleteRoleCommand({ RoleName })),
}

/** What makes and deletes a holder of policies. */
export const holders = { user, group, role }
export type HolderKind = keyof typeof holders

/** `rows` on every engine, for `describe.each`. */
export const onEngines = <Row extends object>(rows: readonly Row[]): (Row & { engine: Engine })[] =>
  engines.flatMap((engine) => rows.map((row) => ({ ...row, engine })))

/** Makes the role that belongs to Cognito's e-mail service. Returns its name and how IAM refuses to change it. */
export async function makeServiceRole(iam: IAMClient): Promise<{ name: string; refusal: string }> {
  const { Role } = await iam.send(
    new CreateServiceLinkedRoleCommand({ AWSServiceName: 'email.cognito-idp.amazonaws.com' }),
  )
  const name = Role?.RoleName as string
  return {
    name,
    refusal: `Cannot perform the operation on the protected role '${name}' - this role is only modifiable by AWS`,
  }
}

/**
 * The two refusals of every operation on a user, group or role: there is none of that name, and the caller may not. In
 * the `describe` of the operation; `made` is a holder that is there, and is called for in another case.
 */
export function testHolderRefusals<Rest>(
  server: TestServer,
  kind: HolderKind,
  { operation, send }: Call<Rest, unknown>,
  rest: Rest,
  made = 'Holder',
): void {
  describe(operation, () => {
    it(`NoSuchEntity for a ${kind} that is not there`, async () => {
      const call = send(iamClient(server), 'nobody', rest)
      await expectRefusal(call, 'NoSuchEntityException', `The ${kind} with name nobody cannot be found.`)
    })

    it('refuses who may not', async () => {
      const arn = `arn:aws:iam::${server.accountId}:${kind}/${made}`
      await expectDenied(server, (iam) => send(iam, made.toLowerCase(), rest), `iam:${operation}`, arn)
    })
  })
}
