import {
  DeleteGroupPolicyCommand,
  DeleteRolePolicyCommand,
  DeleteUserPolicyCommand,
  GetGroupPolicyCommand,
  GetRolePolicyCommand,
  GetUserPolicyCommand,
  ListGroupPoliciesCommand,
  ListRolePoliciesCommand,
  ListUserPoliciesCommand,
  PutGroupPolicyCommand,
  PutRolePolicyCommand,
  PutUserPolicyCommand,
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

type Named = { PolicyName: string }
type Row = {
  kind: HolderKind
  nameMember: string
  /** Characters in all inline policies of one holder. */
  most: number
  put: Call<Named & { PolicyDocument: string }, unknown>
  get: Call<Named, { PolicyName?: string | undefined; PolicyDocument?: string | undefined }>
  list: Call<PageInput, PageOutput & { PolicyNames?: string[] | undefined }>
  remove: Call<Named, unknown>
}

const rows: readonly Row[] = [
  {
    kind: 'user',
    nameMember: 'UserName',
    most: 2048,
    put: {
      operation: 'PutUserPolicy',
      send: (iam, UserName, rest) => iam.send(new PutUserPolicyCommand({ UserName, ...rest })),
    },
    get: {
      operation: 'GetUserPolicy',
      send: (iam, UserName, rest) => iam.send(new GetUserPolicyCommand({ UserName, ...rest })),
    },
    list: {
      operation: 'ListUserPolicies',
      send: (iam, UserName, rest) => iam.send(new ListUserPoliciesCommand({ UserName, ...rest })),
    },
    remove: {
      operation: 'DeleteUserPolicy',
      send: (iam, UserName, rest) => iam.send(new DeleteUserPolicyCommand({ UserName, ...rest })),
    },
  },
  {
    kind: 'group',
    nameMember: 'GroupName',
    most: 5120,
    put: {
      operation: 'PutGroupPolicy',
      send: (iam, GroupName, rest) => iam.send(new PutGroupPolicyCommand({ GroupName, ...rest })),
    },
    get: {
      operation: 'GetGroupPolicy',
      send: (iam, GroupName, rest) => iam.send(new GetGroupPolicyCommand({ GroupName, ...rest })),
    },
    list: {
      operation: 'ListGroupPolicies',
      send: (iam, GroupName, rest) => iam.send(new ListGroupPoliciesCommand({ GroupName, ...rest })),
    },
    remove: {
      operation: 'DeleteGroupPolicy',
      send: (iam, GroupName, rest) => iam.send(new DeleteGroupPolicyCommand({ GroupName, ...rest })),
    },
  },
  {
    kind: 'role',
    nameMember: 'RoleName',
    most: 10_240,
    put: {
      operation: 'PutRolePolicy',
      send: (iam, RoleName, rest) => iam.send(new PutRolePolicyCommand({ RoleName, ...rest })),
    },
    get: {
      operation: 'GetRolePolicy',
      send: (iam, RoleName, rest) => iam.send(new GetRolePolicyCommand({ RoleName, ...rest })),
    },
    list: {
      operation: 'ListRolePolicies',
      send: (iam, RoleName, rest) => iam.send(new ListRolePoliciesCommand({ RoleName, ...rest })),
    },
    remove: {
      operation: 'DeleteRolePolicy',
      send: (iam, RoleName, rest) => iam.send(new DeleteRolePolicyCommand({ RoleName, ...rest })),
    },
  },
]

const PolicyDocument = policy({ Action: 'iam:ListUsers' })

describe.each(onEngines(rows))('inline policies: $kind ($engine)', ({ engine, kind, nameMember, most, ...calls }) => {
  const server = useTestServer({ engine })
  const make = (name: string) => holders[kind].make(iamClient(server), name)
  const put = (PolicyName: string, document = PolicyDocument, holder = 'holder') =>
    calls.put.send(iamClient(server), holder, { PolicyName, PolicyDocument: document })
  const get = (PolicyName: string, holder = 'holder') => calls.get.send(iamClient(server), holder, { PolicyName })
  const list = (page: PageInput, holder: string) => calls.list.send(iamClient(server), holder, page)
  const remove = (PolicyName: string, holder = 'holder') => calls.remove.send(iamClient(server), holder, { PolicyName })

  beforeAll(() => make('Holder'))

  describe(calls.put.operation, () => {
    it('adds policies of any name, and replaces the one of a name', async () => {
      await make('adding')
      for (const name of ['one', '__proto__', 'constructor', 'hasOwnProperty'])
        await put(name, PolicyDocument, 'adding')
      const other = policy({ Action: 'iam:GetUser' })
      await put('one', other, 'adding')
      const { PolicyNames } = await list({}, 'adding')
      expect(PolicyNames).toEqual(['__proto__', 'constructor', 'hasOwnProperty', 'one'])
      const documentOf = async (name: string) =>
        decodeURIComponent((await get(name, 'adding')).PolicyDocument as string)
      expect(await documentOf('one')).toBe(other)
      expect(await documentOf('__proto__')).toBe(PolicyDocument)
    })

    it('keeps all of several concurrent writes', async () => {
      await make('busy')
      const names = Array.from({ length: 8 }, (_, index) => `many-${index}`)
      await Promise.all(names.map((name) => put(name, PolicyDocument, 'busy')))
      expect((await list({}, 'busy')).PolicyNames).toEqual(names)
    })

    it.each([
      ['{', 'This policy contains invalid Json'],
      ['{"Version":"2012-10-17","Statement":[],"More":1}', 'Syntax errors in policy.'],
      [policy({ Action: 'iam' }), 'Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc.'],
      [policy({ Action: 'iam:*', Resource: 'x' }), 'Resource x must be in ARN format or "*".'],
      [policy({ Action: [] }), 'Policy statement must contain actions.'],
    ])('MalformedPolicyDocument for %s', async (document, message) => {
      await expectRefusal(put('bad', document), 'MalformedPolicyDocumentException', message)
    })

    it('accepts a document of the old version, and one without a version', async () => {
      await make('versions')
      await put('old', PolicyDocument.replace('2012-10-17', '2008-10-17'), 'versions')
      await put('none', PolicyDocument.replace('"Version":"2012-10-17",', ''), 'versions')
    })

    it(`LimitExceeded for more than ${most} characters in all policies, also in concurrent requests`, async () => {
      await make('Full')
      const document = (size: number) => {
        const rest = policy({ Action: 'iam:GetUser', Sid: '' }).length
        return `${policy({ Action: 'iam:GetUser', Sid: 'x'.repeat(size - rest) })}${' '.repeat(1000)}`
      }
      const fill = (PolicyName: string, size: number) => put(PolicyName, document(size), 'full')
      const message = `Maximum policy size of ${most} bytes exceeded for ${kind} Full`
      await expectRefusal(fill('long', most + 1), 'LimitExceededException', message)
      const part = (most * 25) / 64
      const outcomes = await Promise.allSettled(['a', 'b', 'c', 'd'].map((name) => fill(name, part)))
      expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(2)
      await expectRefusal(fill('e', most - 2 * part + 1), 'LimitExceededException', message)
      await fill('e', most - 2 * part)
      await fill('e', most - 2 * part - 40)
    })
  })

  describe(calls.get.operation, () => {
    it.each([
      ` ${policy({ Action: 'iam:ListUsers', Resource: "arn:aws:iam::*:user/('!*+&<ü>')" })}\n`,
      ` ${PolicyDocument.replace(',', ' ,\n\t')} `,
    ])('answers %j percent-encoded and byte for byte, with the name of the holder', async (document) => {
      await put('bytes', document)
      const answer = await get('bytes')
      expect(answer).toMatchObject({ [nameMember]: 'Holder', PolicyName: 'bytes' })
      expect(answer.PolicyDocument).toMatch(/^[A-Za-z0-9._~%-]+$/)
      expect(decodeURIComponent(answer.PolicyDocument as string)).toBe(document)
    })

    it.each(['none', '__proto__', 'constructor', 'P', 'BYTES'])('NoSuchEntity for the policy %s', async (name) => {
      await expectRefusal(get(name), 'NoSuchEntityException', `The ${kind} policy with name ${name} cannot be found.`)
    })
  })

  describe(calls.list.operation, () => {
    it('lists names sorted, in pages', async () => {
      await make('listed')
      expect(await list({}, 'listed')).toMatchObject({ PolicyNames: [], IsTruncated: false })
      for (const name of ['b', 'a', 'c']) await put(name, PolicyDocument, 'listed')
      const first = await list({ MaxItems: 2 }, 'listed')
      expect(first).toMatchObject({ PolicyNames: ['a', 'b'], IsTruncated: true, Marker: expect.any(String) })
      const { Marker } = first
      expect(await list({ Marker }, 'listed')).toMatchObject({ PolicyNames: ['c'], IsTruncated: false })
      await expectRefusal(list({ Marker: 'x' }, 'listed'), 'ValidationError', 'Invalid Marker.')
      await expectRefusal(list({ Marker }, 'holder'), 'ValidationError', 'Invalid Marker.')
    })
  })

  describe(calls.remove.operation, () => {
    it('removes a policy of any name, and no other', async () => {
      await make('shrinking')
      for (const name of ['one', 'two', '__proto__']) await put(name, PolicyDocument, 'shrinking')
      await remove('one', 'shrinking')
      await remove('__proto__', 'shrinking')
      expect((await list({}, 'shrinking')).PolicyNames).toEqual(['two'])
      for (const name of ['one', '__proto__']) {
        const message = `The ${kind} policy with name ${name} cannot be found.`
        await expectRefusal(remove(name, 'shrinking'), 'NoSuchEntityException', message)
      }
    })

    it.each(['none', '__proto__', 'constructor', 'toString'])('NoSuchEntity for the policy %s', async (name) => {
      const message = `The ${kind} policy with name ${name} cannot be found.`
      await expectRefusal(remove(name), 'NoSuchEntityException', message)
    })
  })

  testHolderRefusals(server, kind, calls.put, { PolicyName: 'p', PolicyDocument })
  testHolderRefusals(server, kind, calls.get, { PolicyName: 'p' })
  testHolderRefusals(server, kind, calls.list, {})
  testHolderRefusals(server, kind, calls.remove, { PolicyName: 'p' })

  if (kind === 'role')
    describe('of a service-linked role', () => {
      let role: Awaited<ReturnType<typeof makeServiceRole>>
      beforeAll(async () => {
        role = await makeServiceRole(iamClient(server))
      })

      it(`UnmodifiableEntity for ${calls.put.operation}`, async () => {
        await expectRefusal(put('p', PolicyDocument, role.name), 'UnmodifiableEntityException', role.refusal)
      })

      it(`UnmodifiableEntity for ${calls.remove.operation}`, async () => {
        await expectRefusal(remove('p', role.name), 'UnmodifiableEntityException', role.refusal)
      })
    })
})
