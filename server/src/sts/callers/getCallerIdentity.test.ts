import { Sha256 } from '@aws-crypto/sha256-js'
import {
  CreateAccessKeyCommand,
  CreateRoleCommand,
  CreateUserCommand,
  GetRoleCommand,
  GetUserCommand,
  type IAMClient,
} from '@aws-sdk/client-iam'
import {
  AssumeRoleCommand,
  GetCallerIdentityCommand,
  GetFederationTokenCommand,
  GetSessionTokenCommand,
  STSClient,
} from '@aws-sdk/client-sts'
import { HttpRequest } from '@smithy/core/protocols'
import { SignatureV4 } from '@smithy/signature-v4'
import { beforeAll, describe, expect, it } from 'vitest'
import { type Credentials, iamClient, stsClient } from '../../../test/aws-clients.ts'
import { expectRefusal, useTestServer } from '../../../test/harness.ts'
import { makeIamUser, policy } from '../../../test/iam.ts'
import { identityOf, queryCall, readAnswer, signerOf } from '../../../test/sessions.ts'

describe('GetCallerIdentity', () => {
  const server = useTestServer()
  let iam: IAMClient
  let user: Credentials

  beforeAll(async () => {
    iam = iamClient(server)
    user = await makeIamUser(iam, 'ada', { Effect: 'Deny', Action: 'sts:GetCallerIdentity' })
  })

  it('names the root', async () => {
    const { $metadata, ...answer } = await stsClient(server).send(new GetCallerIdentityCommand({}))
    expect(answer).toEqual({
      UserId: server.accountId,
      Account: server.accountId,
      Arn: `arn:aws:iam::${server.accountId}:root`,
    })
    expect($metadata.requestId).toMatch(/^[0-9a-f-]{36}$/)
  })

  it('names a user, even one who is denied everything', async () => {
    const { User } = await iam.send(new GetUserCommand({ UserName: 'ada' }))
    expect(await identityOf(server, user)).toEqual({ UserId: User?.UserId, Account: server.accountId, Arn: User?.Arn })
  })

  it('names a user with a path', async () => {
    await iam.send(new CreateUserCommand({ UserName: 'bea', Path: '/team/blue/' }))
    const { AccessKey } = await iam.send(new CreateAccessKeyCommand({ UserName: 'bea' }))
    const signer = {
      accessKeyId: AccessKey?.AccessKeyId as string,
      secretAccessKey: AccessKey?.SecretAccessKey as string,
    }
    expect((await identityOf(server, signer)).Arn).toBe(`arn:aws:iam::${server.accountId}:user/team/blue/bea`)
  })

  it("names a role's session without the path of the role", async () => {
    const userArn = `arn:aws:iam::${server.accountId}:user/ada`
    const trust = policy({ Action: 'sts:AssumeRole', Principal: { AWS: userArn } })
    await iam.send(new CreateRoleCommand({ RoleName: 'Walker', Path: '/deep/', AssumeRolePolicyDocument: trust }))
    const { Role } = await iam.send(new GetRoleCommand({ RoleName: 'Walker' }))
    const { Credentials } = await stsClient(server, user).send(
      new AssumeRoleCommand({ RoleArn: Role?.Arn, RoleSessionName: 'walk@example' }),
    )
    expect(await identityOf(server, signerOf(Credentials))).toEqual({
      UserId: `${Role?.RoleId}:walk@example`,
      Account: server.accountId,
      Arn: `arn:aws:sts::${server.accountId}:assumed-role/Walker/walk@example`,
    })
  })

  it('names sessions of a user and of the root as those', async () => {
    for (const signer of [user, server.credentials]) {
      const { Credentials } = await stsClient(server, signer).send(new GetSessionTokenCommand({}))
      expect(await identityOf(server, signerOf(Credentials))).toEqual(await identityOf(server, signer))
    }
  })

  it('names a federated user', async () => {
    const { Credentials } = await stsClient(server).send(new GetFederationTokenCommand({ Name: 'mars' }))
    expect(await identityOf(server, signerOf(Credentials))).toEqual({
      UserId: `${server.accountId}:mars`,
      Account: server.accountId,
      Arn: `arn:aws:sts::${server.accountId}:federated-user/mars`,
    })
  })

  it('accepts signatures for any region, as clients use the global or a regional endpoint', async () => {
    const region = 'ap-southeast-2'
    const sts = new STSClient({ endpoint: server.url, region, credentials: user, maxAttempts: 1 })
    expect((await sts.send(new GetCallerIdentityCommand({}))).Account).toBe(server.accountId)
    sts.destroy()
  })

  it('refuses an unsigned call', async () => {
    const answer = await queryCall(server, { Action: 'GetCallerIdentity', Version: '2011-06-15' })
    expect(answer).toMatchObject({
      status: 403,
      code: 'MissingAuthenticationToken',
      message: 'Request is missing Authentication Token',
    })
  })

  it('refuses an unknown key, and a wrong secret', async () => {
    const stranger = { accessKeyId: 'AKIAQQQQQQQQQQQQQQQQ', secretAccessKey: 'x' }
    const text = 'The security token included in the request is invalid.'
    await expectRefusal(identityOf(server, stranger), 'InvalidClientTokenId', text)
    await expectRefusal(identityOf(server, { ...user, secretAccessKey: 'x' }), 'SignatureDoesNotMatch')
  })

  describe('for third parties that authenticate a caller', () => {
    const query = { Action: 'GetCallerIdentity', Version: '2011-06-15' }
    const request = (method: string, headers: Record<string, string>, body?: string) => {
      const { hostname, port, host } = new URL(server.url)
      return new HttpRequest({
        method,
        protocol: 'http:',
        hostname,
        port: Number(port),
        path: '/',
        headers: { host, ...headers },
        ...(body === undefined ? { query } : { body }),
      })
    }
    const signer = (credentials: Credentials) =>
      new SignatureV4({ credentials, region: 'us-east-1', service: 'sts', sha256: Sha256 })
    const urlOf = ({ query = {} }: { query?: object }) =>
      `${server.url}/?${Object.entries(query)
        .map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(String(value))}`)
        .join('&')}`

    it('accepts a presigned URL with a signed header of its own, as clusters of Kubernetes send it', async () => {
      const { Credentials } = await stsClient(server, user).send(new GetSessionTokenCommand({}))
      for (const credentials of [user, signerOf(Credentials)]) {
        const unsigned = request('GET', { 'x-k8s-aws-id': 'my-cluster' })
        const presigned = await signer(credentials).presign(unsigned, {
          expiresIn: 60,
          unhoistableHeaders: new Set(['x-k8s-aws-id']),
          unsignableHeaders: new Set(),
        })
        const send = async (cluster: string) =>
          readAnswer(await fetch(urlOf(presigned), { headers: { 'x-k8s-aws-id': cluster } }))
        const answer = await send('my-cluster')
        expect(answer).toMatchObject({ status: 200, contentType: 'text/xml' })
        expect(answer.text).toContain(`<Arn>arn:aws:iam::${server.accountId}:user/ada</Arn>`)
        // The header is what binds the URL to one cluster.
        expect(await send('another')).toMatchObject({ status: 403, code: 'SignatureDoesNotMatch' })
      }
    })

    it('a presigned URL is valid for its X-Amz-Expires and no longer', async () => {
      const presigned = await signer(user).presign(request('GET', {}), {
        expiresIn: 60,
        signingDate: new Date(server.clock.now() - 20 * 60_000),
      })
      const answer = await readAnswer(await fetch(urlOf(presigned)))
      expect(answer).toMatchObject({ status: 403, code: 'SignatureDoesNotMatch' })
      expect(answer.message).toMatch(/^Signature expired: /)
    })

    it('a presigned URL lives 15 minutes at most, whatever its X-Amz-Expires', async () => {
      const askedFor = async (minutesAgo: number) => {
        const signingDate = new Date(server.clock.now() - minutesAgo * 60_000)
        const presigned = await signer(user).presign(request('GET', {}), { expiresIn: 604_800, signingDate })
        return readAnswer(await fetch(urlOf(presigned)))
      }
      expect(await askedFor(14)).toMatchObject({ status: 200 })
      expect((await askedFor(16)).message).toMatch(/^Signature expired: .* - 15 min\.\)$/)
    })

    it('accepts a signed GET, and a signed POST that a third party forwards', async () => {
      const get = await signer(user).sign(request('GET', {}))
      const { host: _, ...headers } = get.headers
      expect(await readAnswer(await fetch(urlOf(get), { headers }))).toMatchObject({ status: 200 })

      const body = 'Action=GetCallerIdentity&Version=2011-06-15'
      const contentType = 'application/x-www-form-urlencoded; charset=utf-8'
      const unsigned = request('POST', { 'content-type': contentType, 'x-vault-aws-iam-server-id': 'vault' }, body)
      const { host: __, ...signed } = (await signer(user).sign(unsigned)).headers
      const send = async (text: string) =>
        readAnswer(await fetch(server.url, { method: 'POST', headers: signed, body: text }))
      expect(await send(body)).toMatchObject({ status: 200 })
      expect(await send(`${body}&x=y`)).toMatchObject({ status: 403, code: 'SignatureDoesNotMatch' })
    })
  })
})
