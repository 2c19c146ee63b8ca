import { CreatePolicyCommand, DeletePolicyCommand, GetPolicyVersionCommand } from '@aws-sdk/client-iam'
import { describe, expect, it } from 'vitest'
import { iamClient } from '../../../test/aws-clients.ts'
import { engines, expectRefusal, startTestServer, useTestServer } from '../../../test/harness.ts'
import { expectDenied, policy } from '../../../test/iam.ts'
import { postgresUrl } from '../../../test/postgres.ts'
import { openDatabase } from '../../database/open.ts'

const document = policy({ Action: 'iam:GetUser' })
type Input = Partial<ConstructorParameters<typeof CreatePolicyCommand>[0]>

describe.each(engines)('CreatePolicy (%s)', (engine) => {
  const server = useTestServer({ engine })
  const create = (PolicyName: string, input: Input = {}) =>
    iamClient(server).send(new CreatePolicyCommand({ PolicyName, PolicyDocument: document, ...input }))

  it('creates a policy with its first version, and leaves out members that are not set', async () => {
    const { Policy } = await create('bare')
    expect(Policy).toEqual({
      PolicyName: 'bare',
      PolicyId: expect.stringMatching(/^ANPA[A-Z2-7]{17}$/),
      Arn: `arn:aws:iam::${server.accountId}:policy/bare`,
      Path: '/',
      DefaultVersionId: 'v1',
      AttachmentCount: 0,
      PermissionsBoundaryUsageCount: 0,
      IsAttachable: true,
      CreateDate: expect.any(Date),
      UpdateDate: Policy?.CreateDate,
    })
  })

  it('stores path, description, tags and the document unchanged', async () => {
    const PolicyDocument = ` ${document.replace(',', ' ,\r\n\t')}\n`
    const Tags = [{ Key: '__proto__', Value: '' }]
    const { Policy } = await create('all', { Path: '/a/b/', Description: 'of use', Tags, PolicyDocument })
    const PolicyArn = `arn:aws:iam::${server.accountId}:policy/a/b/all`
    expect(Policy).toMatchObject({ Path: '/a/b/', Arn: PolicyArn, Tags })
    const version = await iamClient(server).send(new GetPolicyVersionCommand({ PolicyArn, VersionId: 'v1' }))
    expect(version.PolicyVersion?.Document).toMatch(/^[A-Za-z0-9._~%-]+$/)
    expect(decodeURIComponent(version.PolicyVersion?.Document as string)).toBe(PolicyDocument)
  })

  it.each(['__proto__', 'constructor', 'x'.repeat(128)])('accepts the name %s', async (name) => {
    expect((await create(name)).Policy?.PolicyName).toBe(name)
  })

  it('EntityAlreadyExists for a name that differs in case only, also in concurrent requests', async () => {
    await create('Twice')
    const message = 'A policy called tWICE already exists. Duplicate names are not allowed.'
    await expectRefusal(create('tWICE', { Path: '/x/' }), 'EntityAlreadyExistsException', message)
    const outcomes = await Promise.allSettled(['race', 'Race', 'RACE', 'rAce'].map((name) => create(name)))
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
  })
})

describe('CreatePolicy', () => {
  const server = useTestServer()
  const create = (PolicyName: string, input: Input = {}) =>
    iamClient(server).send(new CreatePolicyCommand({ PolicyName, PolicyDocument: document, ...input }))

  it.each([
    ['{', 'This policy contains invalid Json'],
    [document.replace('2012-10-17', '2008-10-17'), 'Policy document must be version 2012-10-17 or greater.'],
    [document.replace('"Version":"2012-10-17",', ''), 'Policy document must be version 2012-10-17 or greater.'],
    [document.replace('2012-10-17', '2012-10-18'), 'Syntax errors in policy.'],
    [policy({ Action: 'iam:*', Sid: 'a' }, { Action: 'iam:*', Sid: 'a' }), /must be unique/],
    [policy({ Action: 'iam:*', Principal: '*', Resource: '*' }), 'Policy document should not specify a principal.'],
  ])('MalformedPolicyDocument for %s', async (PolicyDocument, message) => {
    await expectRefusal(create('bad', { PolicyDocument }), 'MalformedPolicyDocumentException', message)
  })

  it('LimitExceeded for more than 6144 characters; white space is not counted', async () => {
    const rest = policy({ Action: 'iam:GetUser', Sid: '' }).length
    const long = (size: number) => policy({ Action: 'iam:GetUser', Sid: 'x'.repeat(size - rest) })
    await create('longest', { PolicyDocument: `${' '.repeat(10_000)}${long(6144)}` })
    const call = create('longer', { PolicyDocument: long(6145) })
    await expectRefusal(call, 'LimitExceededException', 'Cannot exceed quota for PolicySize: 6144')
  })

  it('InvalidInput for invalid tags', async () => {
    const Tags = ['a', 'A'].map((Key) => ({ Key, Value: '' }))
    const message = 'Duplicate tag keys found. Please note that Tag keys are case insensitive.'
    await expectRefusal(create('tagged', { Tags }), 'InvalidInputException', message)
  })

  it.each([
    [{ PolicyName: 'a b' }, /policyName.*regular expression/],
    [{ PolicyName: 'x'.repeat(129) }, /policyName.*less than or equal to 128/],
    [{ Path: '/a//b/' }, /path.*regular expression/],
    [{ Description: 'x'.repeat(1001) }, /description.*less than or equal to 1000/],
    [{ PolicyDocument: '{"ć":1}' }, /policyDocument.*regular expression/],
  ])('ValidationError for %o', async (input, message) => {
    await expectRefusal(create('invalid', input), 'ValidationError', message)
  })

  it('LimitExceeded for more than 1500 policies', async () => {
    const url = await postgresUrl()
    const full = await startTestServer({ env: { DATABASE_URL: url } })
    const database = await openDatabase({ engine: 'postgres', url, connections: 1 }, () => {})
    const make = (PolicyName: string) =>
      iamClient(full).send(new CreatePolicyCommand({ PolicyName, PolicyDocument: document }))
    try {
      await database.db.insertInto('iam_counts').values({ kind: 'policy', entity_count: 1499 }).execute()
      const { Policy } = await make('last')
      const message = 'Cannot exceed quota for PoliciesPerAccount: 1500'
      await expectRefusal(make('more'), 'LimitExceededException', message)
      await iamClient(full).send(new DeletePolicyCommand({ PolicyArn: Policy?.Arn }))
      await make('more')
    } finally {
      await database.close()
      await full.stop()
    }
  })

  it('refuses callers without permission, checked on the path of the new policy', async () => {
    const call = new CreatePolicyCommand({ PolicyName: 'forbidden', Path: '/p/', PolicyDocument: document })
    const arn = `arn:aws:iam::${server.accountId}:policy/p/forbidden`
    await expectDenied(server, (iam) => iam.send(call), 'iam:CreatePolicy', arn)
  })
})
