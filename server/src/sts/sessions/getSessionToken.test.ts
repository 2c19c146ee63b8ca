import { ListUserPoolsCommand } from '@aws-sdk/client-cognito-identity-provider'
import { GetUserCommand, type IAMClient } from '@aws-sdk/client-iam'
import {
  AssumeRoleCommand,
  DecodeAuthorizationMessageCommand,
  GetAccessKeyInfoCommand,
  GetFederationTokenCommand,
  GetSessionTokenCommand,
  type GetSessionTokenCommandInput,
} from '@aws-sdk/client-sts'
import { beforeAll, describe, expect, it } from 'vitest'
import { type Credentials, iamClient, stsClient } from '../../../test/aws-clients.ts'
import { expectRefusal, useTestServer } from '../../../test/harness.ts'
import { makeIamUser, makeRole } from '../../../test/iam.ts'
import { expiryOf, poolsClient, signerOf } from '../../../test/sessions.ts'

describe('GetSessionToken', () => {
  const server = useTestServer()
  let iam: IAMClient
  let ada: Credentials

  beforeAll(async () => {
    iam = iamClient(server)
    ada = await makeIamUser(iam, 'ada', { Action: ['iam:GetUser', 'sts:*', 'cognito-idp:ListUserPools'] })
  })

  const get = async (signer: Credentials, input: GetSessionTokenCommandInput = {}) => {
    const { Credentials } = await stsClient(server, signer).send(new GetSessionTokenCommand(input))
    return {
      signer: signerOf(Credentials),
      seconds: (expiryOf(Credentials) - server.clock.now()) / 1000,
    }
  }
  const listPools = (signer: Credentials) =>
    poolsClient(server, signer).send(new ListUserPoolsCommand({ MaxResults: 1 }))

  it("gives a user a session with the user's own policies", async () => {
    const { signer } = await get(ada)
    expect(signer.accessKeyId).toMatch(/^ASIA[A-Z2-7]{16}$/)
    await listPools(signer)
    const bea = await makeIamUser(iam, 'bea')
    await expectRefusal(listPools((await get(bea)).signer), 'AccessDeniedException', /no identity-based policy allows/)
  })

  it.each([
    ['a user', {}, 43_200],
    ['a user', { DurationSeconds: 900 }, 900],
    ['a user', { DurationSeconds: 129_600 }, 129_600],
    ['the root', {}, 3600],
    ['the root', { DurationSeconds: 129_600 }, 3600],
    ['the root', { DurationSeconds: 900 }, 900],
  ])('a session of %s with %o lives %i seconds', async (who, input, seconds) => {
    const answer = await get(who === 'the root' ? server.credentials : ada, input)
    expect(Math.abs(answer.seconds - seconds)).toBeLessThan(60)
  })

  it('such a session may not call IAM, whatever the policies allow', async () => {
    const text = 'The security token included in the request is invalid.'
    for (const key of [ada, server.credentials]) {
      const { signer } = await get(key)
      await expectRefusal(
        iamClient(server, signer).send(new GetUserCommand({ UserName: 'ada' })),
        'InvalidClientTokenId',
        text,
      )
    }
  })

  it('nor STS, except GetCallerIdentity and AssumeRole', async () => {
    const { signer } = await get(ada)
    const sts = stsClient(server, signer)
    const RoleArn = await makeRole(iam, 'Walker', { Principal: { AWS: `arn:aws:iam::${server.accountId}:user/ada` } })
    await sts.send(new AssumeRoleCommand({ RoleArn, RoleSessionName: 'walk' }))
    const cannot = (name: string) => ['AccessDenied', `Cannot call ${name} with session credentials`] as const
    await expectRefusal(sts.send(new GetSessionTokenCommand({})), ...cannot('GetSessionToken'))
    await expectRefusal(sts.send(new GetFederationTokenCommand({ Name: 'mars' })), ...cannot('GetFederationToken'))
    const AccessKeyId = signer.accessKeyId
    await expectRefusal(sts.send(new GetAccessKeyInfoCommand({ AccessKeyId })), ...cannot('GetAccessKeyInfo'))
    const decode = sts.send(new DecodeAuthorizationMessageCommand({ EncodedMessage: 'x' }))
    await expectRefusal(decode, ...cannot('DecodeAuthorizationMessage'))
  })

  it("refuses a role's session and a federated user", async () => {
    const text = 'Cannot call GetSessionToken with session credentials'
    const RoleArn = await makeRole(
      iam,
      'Wide',
      { Principal: { AWS: `arn:aws:iam::${server.accountId}:user/ada` } },
      { Action: 'sts:*' },
    )
    const role = await stsClient(server, ada).send(new AssumeRoleCommand({ RoleArn, RoleSessionName: 'walk' }))
    await expectRefusal(get(signerOf(role.Credentials)), 'AccessDenied', text)
    const federate = stsClient(server, signerOf(role.Credentials)).send(new GetFederationTokenCommand({ Name: 'mars' }))
    await expectRefusal(federate, 'AccessDenied', 'Cannot call GetFederationToken with session credentials')
    const mars = await stsClient(server).send(new GetFederationTokenCommand({ Name: 'mars' }))
    await expectRefusal(get(signerOf(mars.Credentials)), 'AccessDenied', text)
  })

  it('refuses codes of MFA devices', async () => {
    const input = { SerialNumber: 'GAHT12345678', TokenCode: '123456' }
    const text =
      'MultiFactorAuthentication failed, unable to validate MFA code.  Please verify your MFA serial number is valid and associated with this user.'
    await expectRefusal(get(ada, input), 'AccessDenied', text)
    const half = 'MultiFactorAuthentication failed, must provide both MFA serial number and one time pass code.'
    await expectRefusal(get(ada, { SerialNumber: 'GAHT12345678' }), 'AccessDenied', half)
  })

  it('ValidationError for a time out of range', async () => {
    await expectRefusal(get(ada, { DurationSeconds: 899 }), 'ValidationError', /greater than or equal to 900$/)
    await expectRefusal(get(ada, { DurationSeconds: 129_601 }), 'ValidationError', /less than or equal to 129600$/)
  })
})
