import {
  type ContextEntry,
  SimulateCustomPolicyCommand,
  type SimulateCustomPolicyCommandInput,
} from '@aws-sdk/client-iam'
import { describe, expect, it } from 'vitest'
import { iamClient } from '../../../test/aws-clients.ts'
import { expectRefusal, useTestServer } from '../../../test/harness.ts'
import { expectDenied, policy } from '../../../test/iam.ts'

const POOL = 'arn:aws:cognito-idp:us-east-1:111122223333:userpool/us-east-1_A'

describe('SimulateCustomPolicy', () => {
  const server = useTestServer()
  const simulate = async (input: Partial<SimulateCustomPolicyCommandInput>) =>
    iamClient(server).send(
      new SimulateCustomPolicyCommand({
        PolicyInputList: [policy({ Action: 'cognito-idp:*' })],
        ActionNames: ['cognito-idp:GetGroup'],
        ...input,
      }),
    )
  const decisions = async (input: Partial<SimulateCustomPolicyCommandInput>) =>
    (await simulate(input)).EvaluationResults?.map(({ EvalDecision }) => EvalDecision)

  it('decides for every action on every resource', async () => {
    const { EvaluationResults, IsTruncated } = await simulate({
      PolicyInputList: [
        policy({ Action: 'cognito-idp:*', Resource: POOL }, { Effect: 'Deny', Action: 'cognito-idp:DeleteGroup' }),
      ],
      ActionNames: ['cognito-idp:GetGroup', 'cognito-idp:DeleteGroup'],
      ResourceArns: [POOL, `${POOL}x`],
    })
    expect(IsTruncated).toBe(false)
    expect(
      EvaluationResults?.map((result) => [result.EvalActionName, result.EvalResourceName, result.EvalDecision]),
    ).toEqual([
      ['cognito-idp:GetGroup', POOL, 'allowed'],
      ['cognito-idp:GetGroup', `${POOL}x`, 'implicitDeny'],
      ['cognito-idp:DeleteGroup', POOL, 'explicitDeny'],
      ['cognito-idp:DeleteGroup', `${POOL}x`, 'explicitDeny'],
    ])
  })

  it('evaluates on * when no resource is named', async () => {
    const { EvaluationResults } = await simulate({})
    expect(EvaluationResults?.[0]).toMatchObject({ EvalResourceName: '*', EvalDecision: 'allowed' })
    const PolicyInputList = [policy({ Action: 'cognito-idp:*', Resource: POOL })]
    expect(await decisions({ PolicyInputList })).toEqual(['implicitDeny'])
  })

  it('shows the deciding statements and their positions', async () => {
    const allow = '{"Effect":"Allow","Action":"cognito-idp:*","Resource":"*"}'
    const PolicyInputList = [
      policy({ Action: 'iam:*' }),
      `{"Version":"2012-10-17",\n "Statement":[${allow.replace('idp:*', 'idp:X')},\n  ${allow}]}`,
    ]
    const { EvaluationResults } = await simulate({ PolicyInputList })
    expect(EvaluationResults?.[0]?.MatchedStatements).toEqual([
      {
        SourcePolicyId: 'PolicyInputList.2',
        SourcePolicyType: 'IAM Policy',
        // Where the statement before it ended.
        StartPosition: { Line: 2, Column: 15 + allow.length },
        EndPosition: { Line: 3, Column: 3 + allow.length },
      },
    ])
  })

  it('uses context entries with one and several values, and lists missing keys', async () => {
    const PolicyInputList = [
      policy({
        Action: 'cognito-idp:*',
        Condition: {
          StringEquals: { 'aws:PrincipalTag/Team': 'red' },
          'ForAllValues:StringEquals': { 'aws:TagKeys': ['a', 'b'] },
        },
      }),
    ]
    const entry = (ContextKeyName: string, ...values: string[]): ContextEntry => ({
      ContextKeyName,
      ContextKeyValues: values,
      ContextKeyType: values.length > 1 ? 'stringList' : 'string',
    })
    const of = async (...ContextEntries: ContextEntry[]) =>
      (await simulate({ PolicyInputList, ContextEntries })).EvaluationResults?.[0]
    expect(await of()).toMatchObject({
      EvalDecision: 'implicitDeny',
      MissingContextValues: ['aws:PrincipalTag/Team', 'aws:TagKeys'],
    })
    expect(await of(entry('AWS:principaltag/team', 'red'), entry('aws:TagKeys', 'a', 'b'))).toMatchObject({
      EvalDecision: 'allowed',
      MissingContextValues: [],
    })
    const other = await of(entry('aws:PrincipalTag/Team', 'red'), entry('aws:TagKeys', 'a', 'c'))
    expect(other?.EvalDecision).toBe('implicitDeny')
    expect((await of(entry('__proto__', 'red'), entry('constructor', 'a', 'c')))?.EvalDecision).toBe('implicitDeny')
  })

  it('evaluates a boundary', async () => {
    const boundary = async (...statements: Parameters<typeof policy>) =>
      (await simulate({ PermissionsBoundaryPolicyInputList: [policy(...statements)] })).EvaluationResults?.[0]
    const detail = (AllowedByPermissionsBoundary: boolean) => ({
      PermissionsBoundaryDecisionDetail: { AllowedByPermissionsBoundary },
    })
    expect(await boundary({ Action: 'cognito-idp:Get*' })).toMatchObject({ EvalDecision: 'allowed', ...detail(true) })
    expect(await boundary({ Action: 'iam:*' })).toMatchObject({ EvalDecision: 'implicitDeny', ...detail(false) })
    expect(await boundary({ Action: '*' }, { Effect: 'Deny', Action: '*' })).toMatchObject({
      EvalDecision: 'explicitDeny',
      ...detail(false),
    })
    const { EvaluationResults } = await simulate({})
    expect(EvaluationResults?.[0]).not.toHaveProperty('PermissionsBoundaryDecisionDetail')
  })

  it('evaluates the policy of a resource for a caller', async () => {
    const CallerArn = 'arn:aws:iam::111122223333:user/ann'
    const ResourcePolicy = policy({ Action: '*', Principal: { AWS: CallerArn }, Resource: POOL })
    const input = { PolicyInputList: [policy({ Action: 'iam:*' })], ResourceArns: [POOL], ResourcePolicy }
    expect(await decisions({ ...input, CallerArn })).toEqual(['allowed'])
    expect(await decisions({ ...input, CallerArn: `${CallerArn}a` })).toEqual(['implicitDeny'])
    // Across accounts both the identity and the resource policy have to allow.
    const bucket = { ...input, ResourceArns: ['arn:aws:s3:::b'], CallerArn, ResourceOwner: '999999999999' }
    const open = policy({ Action: '*', Principal: { AWS: CallerArn }, Resource: '*' })
    expect(await decisions({ ...bucket, ResourcePolicy: open })).toEqual(['implicitDeny'])
    const PolicyInputList = [policy({ Action: '*' })]
    expect(await decisions({ ...bucket, ResourcePolicy: open, PolicyInputList })).toEqual(['allowed'])
    const text = 'CallerArn is required with a ResourcePolicy, unless the simulation is about an IAM user.'
    await expectRefusal(simulate(input), 'InvalidInputException', text)
  })

  it('names the contribution of each kind of policy when the resource is of another account', async () => {
    const CallerArn = 'arn:aws:iam::111122223333:user/ann'
    const ResourcePolicy = policy({ Effect: 'Deny', Action: '*', Principal: { AWS: CallerArn }, Resource: '*' })
    const of = async (input: Partial<SimulateCustomPolicyCommandInput>) =>
      (await simulate({ ResourceArns: [POOL], CallerArn, ResourcePolicy, ...input })).EvaluationResults?.[0]
    const details = { 'IAM Policy': 'allowed', 'Resource Policy': 'explicitDeny' }
    const foreign = await of({ ResourceArns: ['arn:aws:s3:::b'], ResourceOwner: '999999999999' })
    expect(foreign).toMatchObject({
      EvalDecisionDetails: details,
      ResourceSpecificResults: [{ EvalResourceName: 'arn:aws:s3:::b', EvalDecisionDetails: details }],
      MatchedStatements: [{ SourcePolicyId: 'ResourcePolicy', SourcePolicyType: 'Resource Policy' }],
    })
    expect(await of({})).toMatchObject({ EvalDecision: 'explicitDeny', EvalDecisionDetails: {} })
  })

  it('repeats a result for the resource that is named, where its missing keys are', async () => {
    const statement = { Action: '*', Condition: { StringEquals: { 'aws:PrincipalTag/Team': 'red' } } }
    const of = async (input: Partial<SimulateCustomPolicyCommandInput>) =>
      (await simulate({ PolicyInputList: [policy(statement, { Action: '*' })], ...input })).EvaluationResults?.[0]
    const named = await of({ ResourceArns: [POOL] })
    expect(named).toMatchObject({ EvalDecision: 'allowed', EvalDecisionDetails: {}, MissingContextValues: [] })
    expect(named?.ResourceSpecificResults).toEqual([
      {
        EvalResourceName: POOL,
        EvalResourceDecision: 'allowed',
        MatchedStatements: named?.MatchedStatements,
        MissingContextValues: ['aws:PrincipalTag/Team'],
      },
    ])
    const any = await of({})
    expect(any?.MissingContextValues).toEqual(['aws:PrincipalTag/Team'])
    expect(any).not.toHaveProperty('EvalDecisionDetails')
    expect(any).not.toHaveProperty('ResourceSpecificResults')
  })

  const many = (count: number, text: (index: number) => string) => Array.from({ length: count }, (_, i) => text(i))
  const compared = (patterns: number, values: number, rest: Partial<SimulateCustomPolicyCommandInput> = {}) => {
    const Condition = { StringLike: { 'aws:PrincipalTag/t': many(patterns, (i) => `*a${i}*b`) } }
    const entry = { ContextKeyName: 'aws:PrincipalTag/t', ContextKeyValues: many(values, (i) => `xa${i}c`) }
    return simulate({
      PolicyInputList: [policy({ Action: '*', Condition })],
      ContextEntries: [{ ...entry, ContextKeyType: 'stringList' }],
      ...rest,
    })
  }

  it.each([
    ['condition values with context values', () => compared(3000, 3000)],
    [
      'a variable repeated in a pattern with a long value',
      () => {
        const pattern = `*\${aws:PrincipalTag/t}`.repeat(4000)
        return simulate({
          PolicyInputList: [policy({ Action: '*', Condition: { StringLike: { 'aws:username': pattern } } })],
          ContextEntries: ['aws:username', 'aws:PrincipalTag/t'].map((ContextKeyName) => ({
            ContextKeyName,
            ContextKeyValues: ['x'.repeat(100_000)],
            ContextKeyType: 'string' as const,
          })),
        })
      },
    ],
    [
      'a long pattern with a long value',
      () =>
        simulate({
          PolicyInputList: [
            policy({ Action: '*', Condition: { StringLike: { 'aws:username': `*${'x'.repeat(100_000)}y*` } } }),
          ],
          ContextEntries: [
            { ContextKeyName: 'aws:username', ContextKeyValues: ['x'.repeat(200_000)], ContextKeyType: 'string' },
          ],
        }),
    ],
    [
      'action patterns with actions',
      () => {
        const statement = { Action: many(30, (i) => `a:*${i}*b`) }
        return simulate({ PolicyInputList: many(8, () => policy(...Array(60).fill(statement))) })
      },
    ],
  ] as [string, () => Promise<unknown>][])('refuses to compare too many %s', async (_, call) => {
    const message = 'The policies and context values are too many to be compared for '
    await expectRefusal(call(), 'InvalidInputException', new RegExp(`^${message}`))
  })

  it('ends a page early when its results took much work, and goes on with the next', async () => {
    const ActionNames = many(20, (i) => `iam:A${i}`)
    const names: (string | undefined)[] = []
    const sizes: number[] = []
    let Marker: string | undefined
    do {
      const page = await compared(300, 100, { ActionNames, MaxItems: 1000, ...(Marker && { Marker }) })
      names.push(...(page.EvaluationResults ?? []).map(({ EvalActionName }) => EvalActionName))
      sizes.push(page.EvaluationResults?.length ?? 0)
      expect(page.IsTruncated).toBe(page.Marker !== undefined)
      Marker = page.Marker
    } while (Marker)
    expect(names).toEqual(ActionNames)
    expect(sizes.length).toBeGreaterThan(1)
    expect(Math.min(...sizes)).toBeGreaterThan(0)
  })

  it('pages through actions and resources', async () => {
    const input = {
      ActionNames: ['iam:A', 'iam:B', 'iam:C'],
      ResourceArns: [POOL, `${POOL}x`],
      MaxItems: 4,
    }
    const first = await simulate(input)
    expect(first.EvaluationResults).toHaveLength(4)
    expect(first.IsTruncated).toBe(true)
    const last = await simulate({ ...input, MaxItems: 100, Marker: first.Marker })
    expect(last.EvaluationResults?.map(({ EvalActionName }) => EvalActionName)).toEqual(['iam:C', 'iam:C'])
    expect(last.IsTruncated).toBe(false)
    const other = simulate({ ...input, ActionNames: ['iam:A'], Marker: first.Marker })
    await expectRefusal(other, 'ValidationError', 'Invalid Marker.')
  })

  it.each([
    [{ PolicyInputList: [policy({ Action: '*' }), '{'] }, /^Invalid policy PolicyInputList\.2: This policy contains/],
    [{ PermissionsBoundaryPolicyInputList: ['{}'] }, /^Invalid policy PermissionsBoundaryPolicyInputList\.1: /],
    [{ ResourcePolicy: 'x', CallerArn: 'arn:aws:iam::111122223333:user/ann' }, /^Invalid policy ResourcePolicy: /],
    [{ ActionNames: ['GetGroup'] }, 'Invalid action name: GetGroup'],
    [{ ActionNames: ['iam:Get*'] }, 'Invalid action name: iam:Get*'],
    [{ ResourceArns: ['pool'] }, 'Invalid resource ARN: pool'],
    [{ CallerArn: 'arn:aws:iam::111122223333:role/r' }, /^Invalid caller ARN/],
    [{ ContextEntries: [{ ContextKeyValues: ['x'] }] }, 'A context entry has no ContextKeyName.'],
    [{ OrderedOrganizationPolicyInputList: [{ ServiceControlPolicyInputList: ['{}'] }] }, /^OrderedOrganization/],
  ] as [Partial<SimulateCustomPolicyCommandInput>, string | RegExp][])(
    'InvalidInput for %o',
    async (input, message) => {
      await expectRefusal(simulate(input), 'InvalidInputException', message)
    },
  )

  it('refuses callers without permission', async () => {
    const call = new SimulateCustomPolicyCommand({ PolicyInputList: [policy({ Action: '*' })], ActionNames: ['iam:A'] })
    await expectDenied(server, (iam) => iam.send(call), 'iam:SimulateCustomPolicy', '*')
  })
})
