import {
  AttachGroupPolicyCommand,
  AttachRolePolicyCommand,
  AttachUserPolicyCommand,
  CreatePolicyCommand,
  DeletePolicyCommand,
  DetachGroupPolicyCommand,
  DetachRolePolicyCommand,
  DetachUserPolicyCommand,
  GetPolicyCommand,
  ListAttachedGroupPoliciesCommand,
  ListAttachedRolePoliciesCommand,
  ListAttachedUserPoliciesCommand,
  ListEntitiesForPolicyCommand,
} from '@aws-sdk/client-iam'
import { beforeAll, describe, expect, it } from 'vitest'
import { iamClient } from '../../../test/aws-clients.ts'
import { expectRefusal, useTestServer } from '../../../test/harness.ts'
import { policy } from '../../../test/iam.ts'
import {
  type Call,
  type HolderKind,
  holders,
  makeServiceRole,
  onEngines,
  type PageInput,
  type PageOutput,
  testHolderRefusals,
} from '../../../test/iam-holders.ts'

type Attached = { PolicyName?: string | undefined; PolicyArn?: string | undefined }
type Row = {
  kind: HolderKind
  quota: string
  attach: Call<{ PolicyArn: string }, unknown>
  detach: Call<{ PolicyArn: string }, unknown>
  list: Call<PageInput & { PathPrefix?: string }, PageOutput & { AttachedPolicies?: Attached[] | undefined }>
}

const rows: readonly Row[] = [
  {
    kind: 'user',
    quota: 'PoliciesPerUser',
    attach: {
      operation: 'AttachUserPolicy',
      send: (iam, UserName, rest) => iam.send(new AttachUserPolicyCommand({ UserName, ...rest })),
    },
    detach: {
      operation: 'DetachUserPolicy',
      send: (iam, UserName, rest) => iam.send(new DetachUserPolicyCommand({ UserName, ...rest })),
    },
    list: {
      operation: 'ListAttachedUserPolicies',
      send: (iam, UserName, rest) => iam.send(new ListAttachedUserPoliciesCommand({ UserName, ...rest })),
    },
  },
  {
    kind: 'group',
    quota: 'PoliciesPerGroup',
    attach: {
      operation: 'AttachGroupPolicy',
      send: (iam, GroupName, rest) => iam.send(new AttachGroupPolicyCommand({ GroupName, ...rest })),
    },
    detach: {
      operation: 'DetachGroupPolicy',
      send: (iam, GroupName, rest) => iam.send(new DetachGroupPolicyCommand({ GroupName, ...rest })),
    },
    list: {
      operation: 'ListAttachedGroupPolicies',
      send: (iam, GroupName, rest) => iam.send(new ListAttachedGroupPoliciesCommand({ GroupName, ...rest })),
    },
  },
  {
    kind: 'role',
    quota: 'PoliciesPerRole',
    attach: {
      operation: 'AttachRolePolicy',
      send: (iam, RoleName, rest) => iam.send(new AttachRolePolicyCommand({ RoleName, ...rest })),
    },
    detach: {
      operation: 'DetachRolePolicy',
      send: (iam, RoleName, rest) => iam.send(new DetachRolePolicyCommand({ RoleName, ...rest })),
    },
    list: {
      operation: 'ListAttachedRolePolicies',
      send: (iam, RoleName, rest) => iam.send(new ListAttachedRolePoliciesCommand({ RoleName, ...rest })),
    },
  },
]

const builtIn = 'arn:aws:iam::aws:policy/IAMFullAccess'
const readOnly = 'arn:aws:iam::aws:policy/AmazonCognitoReadOnly'
const ofService = 'arn:aws:iam::aws:policy/aws-service-role/AmazonCognitoIdpEmailServiceRolePolicy'

describe.each(onEngines(rows))('policies attached to a $kind ($engine)', ({ engine, kind, quota, ...calls }) => {
  const server = useTestServer({ engine })
  const make = (name: string) => holders[kind].make(iamClient(server), name)
  const remove = (name: string) => holders[kind].remove(iamClient(server), name)
  const attach = (name: string, PolicyArn: string) => calls.attach.send(iamClient(server), name, { PolicyArn })
  const detach = (name: string, PolicyArn: string) => calls.detach.send(iamClient(server), name, { PolicyArn })
  const list = (name: string, input: PageInput & { PathPrefix?: string } = {}) =>
    calls.list.send(iamClient(server), name, input)
  const namesOf = async (name: string) => (await list(name)).AttachedPolicies?.map(({ PolicyName }) => PolicyName)
  const makePolicy = async (PolicyName: string, Path?: string) => {
    const PolicyDocument = policy({ Action: 'iam:GetUser' })
    const { Policy } = await iamClient(server).send(new CreatePolicyCommand({ PolicyName, Path, PolicyDocument }))
    return Policy?.Arn as string
  }
  const deletePolicy = (PolicyArn: string) => iamClient(server).send(new DeletePolicyCommand({ PolicyArn }))
  const countOf = async (PolicyArn: string) =>
    (await iamClient(server).send(new GetPolicyCommand({ PolicyArn }))).Policy?.AttachmentCount
  const invalidArnText = 'Invalid ARN:  Could not be parsed!'

  beforeAll(() => make('Holder'))

  describe(calls.attach.operation, () => {
    it('attaches a policy once, also in repeated and concurrent requests', async () => {
      await make('Once')
      const arn = await makePolicy('once')
      for (const PolicyArn of [arn, readOnly, readOnly, arn]) await attach('once', PolicyArn)
      await Promise.all(Array.from({ length: 4 }, () => attach('oNCE', builtIn)))
      await Promise.all(Array.from({ length: 4 }, () => attach('oNCE', arn)))
      expect((await list('once')).AttachedPolicies).toEqual([
        { PolicyName: 'once', PolicyArn: arn },
        { PolicyName: 'AmazonCognitoReadOnly', PolicyArn: readOnly },
        { PolicyName: 'IAMFullAccess', PolicyArn: builtIn },
      ])
      expect(await countOf(arn)).toBe(1)
    })

    it(`counts concurrent attachments and detachments of many ${kind}s`, async () => {
      const arn = await makePolicy('many')
      const aws = 'arn:aws:iam::aws:policy/ReadOnlyAccess'
      const names = Array.from({ length: 6 }, (_, index) => `many-${index}`)
      for (const name of names) await make(name)
      await Promise.all(names.flatMap((name) => [attach(name, arn), attach(name, aws)]))
      expect([await countOf(arn), await countOf(aws)]).toEqual([6, 6])
      await Promise.all(names.map((name) => detach(name, arn)))
      expect([await countOf(arn), await countOf(aws)]).toEqual([0, 6])
      await deletePolicy(arn)
    })

    it('LimitExceeded for more than 10 policies, also in concurrent requests', async () => {
      await make('full')
      const arns: string[] = []
      for (let index = 0; index < 12; index++) arns.push(await makePolicy(`full-${index}`))
      const outcomes = await Promise.allSettled(arns.map((arn) => attach('full', arn)))
      expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(10)
      const refused = arns[outcomes.findIndex(({ status }) => status === 'rejected')] as string
      const message = `Cannot exceed quota for ${quota}: 10`
      await expectRefusal(attach('full', refused), 'LimitExceededException', message)
      // One that was refused does not count as attached.
      expect(await countOf(refused)).toBe(0)
    })

    it('either attaches or deletes a policy, in concurrent requests', async () => {
      await make('torn')
      for (let round = 0; round < 5; round++) {
        const arn = await makePolicy(`torn-${round}`)
        const [attached, deleted] = await Promise.allSettled([attach('torn', arn), deletePolicy(arn)])
        expect([attached.status, deleted.status].sort()).toEqual(['fulfilled', 'rejected'])
        if (attached.status === 'fulfilled') await detach('torn', arn)
        expect(await namesOf('torn')).toEqual([])
      }
    })

    it(`leaves no attachment behind when the ${kind} is deleted concurrently`, async () => {
      for (let round = 0; round < 5; round++) {
        const name = `going-${round}`
        const arn = await makePolicy(name)
        await make(name)
        const [attached, deleted] = await Promise.allSettled([attach(name, arn), remove(name)])
        expect([attached.status, deleted.status].sort()).toEqual(['fulfilled', 'rejected'])
        if (attached.status === 'fulfilled') {
          await detach(name, arn)
          await remove(name)
        }
        const uses = await iamClient(server).send(new ListEntitiesForPolicyCommand({ PolicyArn: arn }))
        expect([uses.PolicyUsers, uses.PolicyGroups, uses.PolicyRoles]).toEqual([[], [], []])
        await deletePolicy(arn)
      }
    })

    it('NoSuchEntity for an unknown policy', async () => {
      await make('here')
      await makePolicy('Own')
      const iam = `arn:aws:iam::${server.accountId}`
      for (const arn of [
        `${iam}:policy/none`,
        `${iam}:policy/own`,
        `${iam}:policy/path/Own`,
        `${iam}:${kind}/here`,
        'arn:aws:iam::aws:policy/NoSuchAccess',
        'arn:aws:iam::aws:policy/Own',
        'arn:aws:iam::999999999999:policy/Own',
      ]) {
        const message = `Policy ${arn} does not exist or is not attachable.`
        await expectRefusal(attach('here', arn), 'NoSuchEntityException', message)
      }
    })

    it('PolicyNotAttachable for the policy of a service-linked role, ValidationError for no ARN', async () => {
      const message = 'Cannot attach a Service Role Policy to a Customer Role.'
      await expectRefusal(attach('holder', ofService), 'PolicyNotAttachableException', message)
      await expectRefusal(attach('holder', 'longpolicynamebutnoarn'), 'ValidationError', invalidArnText)
    })
  })

  describe(calls.detach.operation, () => {
    it('detaches a policy, which then can be deleted', async () => {
      await make('loosened')
      const own = await makePolicy('loose')
      for (const arn of [own, builtIn]) await attach('loosened', arn)
      expect(await countOf(own)).toBe(1)
      await detach('loosened', own)
      expect(await namesOf('loosened')).toEqual(['IAMFullAccess'])
      await deletePolicy(own)
      await detach('loosened', builtIn)
      expect(await namesOf('loosened')).toEqual([])
    })

    it('NoSuchEntity for a policy that is not attached, ValidationError for a text that is not an ARN', async () => {
      for (const arn of [readOnly, builtIn, `arn:aws:iam::${server.accountId}:policy/none`])
        await expectRefusal(detach('holder', arn), 'NoSuchEntityException', `Policy ${arn} was not found.`)
      await expectRefusal(detach('holder', 'longpolicynamebutnoarn'), 'ValidationError', invalidArnText)
    })
  })

  describe(calls.list.operation, () => {
    it('lists policies in the order of their ARNs, in pages, below a path', async () => {
      await make('listed')
      expect(await list('listed')).toMatchObject({ AttachedPolicies: [], IsTruncated: false })
      const own = { PolicyName: 'below', PolicyArn: await makePolicy('below', '/team/') }
      const aws = { PolicyName: 'IAMFullAccess', PolicyArn: builtIn }
      for (const { PolicyArn } of [aws, own]) await attach('listed', PolicyArn)
      expect((await list('listed')).AttachedPolicies).toEqual([own, aws])
      const first = await list('listed', { MaxItems: 1 })
      expect(first).toMatchObject({ AttachedPolicies: [own], IsTruncated: true })
      const { Marker } = first
      expect(await list('listed', { Marker })).toMatchObject({ AttachedPolicies: [aws], IsTruncated: false })
      expect((await list('listed', { PathPrefix: '/team/' })).AttachedPolicies).toEqual([own])
      await expectRefusal(list('listed', { Marker, PathPrefix: '/x/' }), 'ValidationError', 'Invalid Marker.')
    })
  })

  testHolderRefusals(server, kind, calls.attach, { PolicyArn: builtIn })
  testHolderRefusals(server, kind, calls.detach, { PolicyArn: builtIn })
  testHolderRefusals(server, kind, calls.list, {})

  if (kind === 'role')
    describe('of a service-linked role', () => {
      let role: Awaited<ReturnType<typeof makeServiceRole>>
      beforeAll(async () => {
        role = await makeServiceRole(iamClient(server))
      })

      it(`UnmodifiableEntity for ${calls.attach.operation}`, async () => {
        await expectRefusal(attach(role.name, builtIn), 'UnmodifiableEntityException', role.refusal)
      })

      it(`UnmodifiableEntity for ${calls.detach.operation}`, async () => {
        await expectRefusal(detach(role.name, builtIn), 'UnmodifiableEntityException', role.refusal)
      })
    })
})
