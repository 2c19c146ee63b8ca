import { randomBytes } from 'node:crypto'
import { DescribeUserPoolCommand, ListUserPoolsCommand } from '@aws-sdk/client-cognito-identity-provider'
import { DeleteUserPolicyCommand, GetUserCommand, type IAMClient, PutUserPolicyCommand } from '@aws-sdk/client-iam'
import {
  GetCallerIdentityCommand,
  GetFederationTokenCommand,
  type GetFederationTokenCommandInput,
  GetSessionTokenCommand,
} from '@aws-sdk/client-sts'
import { beforeAll, describe, expect, it } from 'vitest'
import { type Credentials, iamClient, stsClient } from '../../../test/aws-clients.ts'
import { expectRefusal, makePool, useTestServer } from '../../../test/harness.ts'
import { makeIamUser, policy } from '../../../test/iam.ts'
import { expiryOf, poolsClient, signerOf } from '../../../test/sessions.ts'

describe('GetFederationToken', () => {
  const server = useTestServer()
  let iam: IAMClient
  let ada: Credentials
  let poolId: string
  let poolArn: string
  const nameArn = (name: string) => `arn:aws:sts::${server.accountId}:federated-user/${name}`

  beforeAll(async () => {
    iam = iamClient(server)
    const pool = await makePool(server)
    poolId = pool.Id
    poolArn = pool.Arn as string
    ada = await makeIamUser(
      iam,
      'ada',
      { Action: ['sts:GetFederationToken', 'sts:TagSession'], Resource: nameArn('*') },
      { Action: ['cognito-idp:DescribeUserPool'], Resource: poolArn },
    )
  })

  const federate = (signer: Credentials, input: Partial<GetFederationTokenCommandInput> = {}) =>
    stsClient(server, signer).send(new GetFederationTokenCommand({ Name: 'mars', ...input }))
  const describePool = (credentials: Parameters<typeof signerOf>[0]) =>
    poolsClient(server, signerOf(credentials)).send(new DescribeUserPoolCommand({ UserPoolId: poolId }))
  const allowAll = policy({ Action: 'cognito-idp:*' })

  it('names the federated user', async () => {
    const { $metadata, Credentials, ...answer } = await federate(ada)
    expect(answer).toEqual({
      FederatedUser: { FederatedUserId: `${server.accountId}:mars`, Arn: nameArn('mars') },
      PackedPolicySize: 0,
    })
    const lives = expiryOf(Credentials) - server.clock.now()
    expect(Math.abs(lives - 43_200_000)).toBeLessThan(60_000)
    const root = await federate(server.credentials, { DurationSeconds: 129_600 })
    expect(expiryOf(root.Credentials) - server.clock.now()).toBeLessThanOrEqual(3_600_000)
  })

  it('without a policy it may do nothing', async () => {
    const text =
      /^User: arn:aws:sts::\d{12}:federated-user\/mars is not authorized to perform: cognito-idp:DescribeUserPool on resource: .* because no session policy allows/
    for (const signer of [ada, server.credentials]) {
      const { Credentials } = await federate(signer)
      await expectRefusal(describePool(Credentials), 'AccessDeniedException', text)
    }
  })

  it("with one it may do what both that and the user's policies allow", async () => {
    const { Credentials, PackedPolicySize } = await federate(ada, { Policy: allowAll })
    expect(PackedPolicySize).toBeGreaterThan(0)
    await describePool(Credentials)
    const list = poolsClient(server, signerOf(Credentials)).send(new ListUserPoolsCommand({ MaxResults: 1 }))
    await expectRefusal(list, 'AccessDeniedException', /no identity-based policy allows/)
    const PolicyArns = [{ arn: 'arn:aws:iam::aws:policy/AmazonCognitoReadOnly' }]
    await describePool((await federate(ada, { PolicyArns })).Credentials)
    await describePool((await federate(server.credentials, { Policy: allowAll })).Credentials)
  })

  it("the user's policies are evaluated at the time of use", async () => {
    const bea = await makeIamUser(iam, 'bea', { Action: ['sts:GetFederationToken', 'cognito-idp:DescribeUserPool'] })
    const { Credentials } = await federate(bea, { Policy: allowAll })
    await describePool(Credentials)
    await iam.send(new DeleteUserPolicyCommand({ UserName: 'bea', PolicyName: 'inline' }))
    await expectRefusal(describePool(Credentials), 'AccessDeniedException')
  })

  it('tags are principal tags of the federated user', async () => {
    const mine = policy({
      Action: 'cognito-idp:DescribeUserPool',
      Condition: { StringEquals: { 'aws:PrincipalTag/team': 'blue' } },
    })
    const Tags = (Value: string) => [{ Key: 'Team', Value }]
    await describePool((await federate(ada, { Policy: mine, Tags: Tags('blue') })).Credentials)
    const red = await federate(ada, { Policy: mine, Tags: Tags('red') })
    await expectRefusal(describePool(red.Credentials), 'AccessDeniedException')
  })

  it('tags need sts:TagSession', async () => {
    const cleo = await makeIamUser(iam, 'cleo', { Action: 'sts:GetFederationToken' })
    const tagging = () => federate(cleo, { Tags: [{ Key: 'Team', Value: 'blue' }] })
    await expectRefusal(
      tagging(),
      'AccessDenied',
      /is not authorized to perform: sts:TagSession on resource: .*\/mars /,
    )
    const PolicyDocument = policy({
      Action: ['sts:GetFederationToken', 'sts:TagSession'],
      Condition: { StringEquals: { 'aws:RequestTag/Team': 'blue' } },
    })
    await iam.send(new PutUserPolicyCommand({ UserName: 'cleo', PolicyName: 'inline', PolicyDocument }))
    await tagging()
  })

  it('may call GetCallerIdentity, but neither IAM nor the rest of STS', async () => {
    const { Credentials } = await federate(server.credentials, { Policy: policy({ Action: '*' }) })
    const sts = stsClient(server, signerOf(Credentials))
    await sts.send(new GetCallerIdentityCommand({}))
    const cannot = (name: string) => ['AccessDenied', `Cannot call ${name} with session credentials`] as const
    await expectRefusal(sts.send(new GetFederationTokenCommand({ Name: 'venus' })), ...cannot('GetFederationToken'))
    await expectRefusal(sts.send(new GetSessionTokenCommand({})), ...cannot('GetSessionToken'))
    await expectRefusal(
      iamClient(server, signerOf(Credentials)).send(new GetUserCommand({ UserName: 'ada' })),
      'InvalidClientTokenId',
      'The security token included in the request is invalid.',
    )
  })

  it('AccessDenied for a user without the permission', async () => {
    const dora = await makeIamUser(iam, 'dora')
    const text = `User: arn:aws:iam::${server.accountId}:user/dora is not authorized to perform: sts:GetFederationToken on resource: ${nameArn('mars')} because no identity-based policy allows the sts:GetFederationToken action`
    await expectRefusal(federate(dora), 'AccessDenied', text)
  })

  it.each([
    ['MalformedPolicyDocumentException', { Policy: 'x' }, 'This policy contains invalid Json'],
    ['ValidationError', { Policy: ' '.repeat(2049) }, /less than or equal to 2048$/],
    ['ValidationError', { Name: 'x' }, /at 'name' failed to satisfy constraint: .*greater than or equal to 2$/],
    ['ValidationError', { Name: 'a b' }, /at 'name' failed to satisfy constraint/],
    ['ValidationError', { DurationSeconds: 129_601 }, /at 'durationSeconds'/],
    [
      'ValidationError',
      { PolicyArns: [{ arn: 'arn:aws:iam::aws:policy/NoSuchPolicy' }] },
      'Policy arn:aws:iam::aws:policy/NoSuchPolicy does not exist or is not attachable.',
    ],
    [
      'InvalidParameterValue',
      {
        Tags: [
          { Key: 'a', Value: '' },
          { Key: 'A', Value: '' },
        ],
      },
      'Duplicate tag keys found. Please note that Tag keys are case insensitive.',
    ],
    [
      'PackedPolicyTooLargeException',
      {
        Tags: Array.from({ length: 50 }, () => ({
          Key: randomBytes(32).toString('hex'),
          Value: randomBytes(64).toString('hex'),
        })),
      },
      /^Packed size of session tags consumes \d{3}% of allotted space\.$/,
    ],
  ])('%s for %o', async (name, input, text) => {
    await expectRefusal(federate(server.credentials, input), name, text)
  })
})
