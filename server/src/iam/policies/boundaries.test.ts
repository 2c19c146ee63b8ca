import {
  AttachRolePolicyCommand,
  CreatePolicyCommand,
  CreateRoleCommand,
  CreateUserCommand,
  DeletePolicyCommand,
  DeleteRolePermissionsBoundaryCommand,
  DeleteUserPermissionsBoundaryCommand,
  GetPolicyCommand,
  GetRoleCommand,
  GetUserCommand,
  type IAMClient,
  ListUsersCommand,
  PutRolePermissionsBoundaryCommand,
  PutUserPermissionsBoundaryCommand,
} from '@aws-sdk/client-iam'
import { beforeAll, describe, expect, it } from 'vitest'
import { iamClient } from '../../../test/aws-clients.ts'
import { engines, expectRefusal, useTestServer } from '../../../test/harness.ts'
import { makeIamUser, policy } from '../../../test/iam.ts'
import { type Call, holders, makeServiceRole, onEngines, testHolderRefusals } from '../../../test/iam-holders.ts'

type Row = {
  kind: 'user' | 'role'
  /** Creates a user or role with a boundary. */
  make: (iam: IAMClient, name: string, PermissionsBoundary: string) => Promise<unknown>
  put: Call<{ PermissionsBoundary: string }, unknown>
  remove: Call<object, unknown>
  /** The user or role as Get… shows it. */
  get: (iam: IAMClient, name: string) => Promise<object | undefined>
}

const trust = policy({ Action: 'sts:AssumeRole', Principal: { Service: 'x.amazonaws.com' } })

const rows: readonly Row[] = [
  {
    kind: 'user',
    make: (iam, UserName, PermissionsBoundary) => iam.send(new CreateUserCommand({ UserName, PermissionsBoundary })),
    put: {
      operation: 'PutUserPermissionsBoundary',
      send: (iam, UserName, rest) => iam.send(new PutUserPermissionsBoundaryCommand({ UserName, ...rest })),
    },
    remove: {
      operation: 'DeleteUserPermissionsBoundary',
      send: (iam, UserName) => iam.send(new DeleteUserPermissionsBoundaryCommand({ UserName })),
    },
    get: async (iam, UserName) => (await iam.send(new GetUserCommand({ UserName }))).User,
  },
  {
    kind: 'role',
    make: (iam, RoleName, PermissionsBoundary) =>
      iam.send(new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument: trust, PermissionsBoundary })),
    put: {
      operation: 'PutRolePermissionsBoundary',
      send: (iam, RoleName, rest) => iam.send(new PutRolePermissionsBoundaryCommand({ RoleName, ...rest })),
    },
    remove: {
      operation: 'DeleteRolePermissionsBoundary',
      send: (iam, RoleName) => iam.send(new DeleteRolePermissionsBoundaryCommand({ RoleName })),
    },
    get: async (iam, RoleName) => (await iam.send(new GetRoleCommand({ RoleName }))).Role,
  },
]

const aws = 'arn:aws:iam::aws:policy/IAMFullAccess'

describe.each(onEngines(rows))('the boundary of a $kind ($engine)', ({ engine, kind, make, get, ...calls }) => {
  const server = useTestServer({ engine })
  const put = (name: string, PermissionsBoundary: string) =>
    calls.put.send(iamClient(server), name, { PermissionsBoundary })
  const remove = (name: string) => calls.remove.send(iamClient(server), name, {})
  const makePolicy = async (PolicyName: string) =>
    (await iamClient(server).send(new CreatePolicyCommand({ PolicyName, PolicyDocument: policy({ Action: 'iam:*' }) })))
      .Policy?.Arn as string
  const deletePolicy = (PolicyArn: string) => iamClient(server).send(new DeletePolicyCommand({ PolicyArn }))
  const usage = async (PolicyArn: string) =>
    (await iamClient(server).send(new GetPolicyCommand({ PolicyArn }))).Policy?.PermissionsBoundaryUsageCount

  beforeAll(() => holders[kind].make(iamClient(server), 'Holder'))

  describe(calls.put.operation, () => {
    it('sets or replaces the boundary, also repeatedly; it counts as a use of the policy', async () => {
      const own = await makePolicy('own')
      await put('holder', own)
      await put('holder', own)
      expect([await usage(own), await usage(aws)]).toEqual([1, 0])
      await expectRefusal(deletePolicy(own), 'DeleteConflictException')
      await put('holder', aws)
      expect([await usage(own), await usage(aws)]).toEqual([0, 1])
      expect(await get(iamClient(server), 'holder')).toMatchObject({
        PermissionsBoundary: { PermissionsBoundaryType: 'Policy', PermissionsBoundaryArn: aws },
      })
      await deletePolicy(own)
    })

    it('NoSuchEntity for an unknown policy, ValidationError for a text that is not an ARN', async () => {
      const arn = `arn:aws:iam::${server.accountId}:policy/none`
      const message = `Scope ARN: ${arn} does not exist or is not attachable.`
      await expectRefusal(put('holder', arn), 'NoSuchEntityException', message)
      const invalid = 'Invalid ARN:  Could not be parsed!'
      await expectRefusal(put('holder', 'x'.repeat(20)), 'ValidationError', invalid)
    })

    it('PolicyNotAttachable for the policy of a service-linked role', async () => {
      const arn = 'arn:aws:iam::aws:policy/aws-service-role/AmazonCognitoIdpEmailServiceRolePolicy'
      const message = 'Cannot attach a Service Role Policy to a Customer Role.'
      await expectRefusal(put('holder', arn), 'PolicyNotAttachableException', message)
    })
  })

  describe(calls.remove.operation, () => {
    it('removes the boundary, whose policy then can be deleted; a second time changes nothing', async () => {
      const bound = await makePolicy('bound')
      await make(iamClient(server), 'Bounded', bound)
      await remove('bounded')
      await remove('bounded')
      expect(await get(iamClient(server), 'bounded')).not.toHaveProperty('PermissionsBoundary')
      await deletePolicy(bound)
    })
  })

  testHolderRefusals(server, kind, calls.put, { PermissionsBoundary: aws })
  testHolderRefusals(server, kind, calls.remove, {})

  if (kind === 'role')
    describe('of a service-linked role', () => {
      let role: Awaited<ReturnType<typeof makeServiceRole>>
      beforeAll(async () => {
        role = await makeServiceRole(iamClient(server))
      })

      it(`UnmodifiableEntity for ${calls.put.operation}`, async () => {
        await expectRefusal(put(role.name, aws), 'UnmodifiableEntityException', role.refusal)
      })

      it(`UnmodifiableEntity for ${calls.remove.operation}`, async () => {
        await expectRefusal(remove(role.name), 'UnmodifiableEntityException', role.refusal)
      })
    })
})

describe.each(engines)('the effect of a boundary (%s)', (engine) => {
  const server = useTestServer({ engine })

  it('bounds what a user may do at once', async () => {
    const iam = iamClient(server)
    const user = iamClient(server, await makeIamUser(iam, 'Bounded', { Action: 'iam:*' }))
    await user.send(new ListUsersCommand({}))
    const bound = async (PolicyName: string, Action: string) => {
      const { Policy } = await iam.send(new CreatePolicyCommand({ PolicyName, PolicyDocument: policy({ Action }) }))
      const PermissionsBoundary = Policy?.Arn
      await iam.send(new PutUserPermissionsBoundaryCommand({ UserName: 'BOUNDED', PermissionsBoundary }))
    }
    await bound('first', 'iam:GetUser')
    await expectRefusal(user.send(new ListUsersCommand({})), 'AccessDenied', /no permissions boundary allows/)
    await bound('second', 'iam:ListUsers')
    await user.send(new ListUsersCommand({}))
  })

  it('can be required of the roles that a delegated administrator creates', async () => {
    const iam = iamClient(server)
    const admin = iamClient(
      server,
      await makeIamUser(
        iam,
        'delegate',
        {
          Action: ['iam:CreateRole', 'iam:AttachRolePolicy', 'iam:PutRolePolicy', 'iam:PutRolePermissionsBoundary'],
          Condition: { StringEquals: { 'iam:PermissionsBoundary': aws } },
        },
        { Effect: 'Deny', Action: 'iam:DeleteRolePermissionsBoundary' },
      ),
    )
    const attach = (RoleName: string) => admin.send(new AttachRolePolicyCommand({ RoleName, PolicyArn: aws }))
    const create = (RoleName: string, PermissionsBoundary?: string) =>
      admin.send(new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument: trust, PermissionsBoundary }))
    await create('within', aws)
    await attach('within')
    const other = 'arn:aws:iam::aws:policy/AdministratorAccess'
    await expectRefusal(create('without'), 'AccessDenied', /iam:CreateRole/)
    await expectRefusal(create('wider', other), 'AccessDenied', /iam:CreateRole/)
    await holders.role.make(iam, 'unbound')
    await expectRefusal(attach('unbound'), 'AccessDenied', /iam:AttachRolePolicy/)
    const widen = admin.send(new PutRolePermissionsBoundaryCommand({ RoleName: 'within', PermissionsBoundary: other }))
    await expectRefusal(widen, 'AccessDenied', /iam:PutRolePermissionsBoundary/)
  })
})
