// The gate, asked about signed requests.
import { createHash } from 'node:crypto'
import type { IAMClient } from '@aws-sdk/client-iam'
import { AssumeRoleCommand } from '@aws-sdk/client-sts'
import { beforeAll, describe, expect, it } from 'vitest'
import { type Credentials, stsClient } from '../../test/aws-clients.ts'
import { HOST, useGate } from '../../test/gate.ts'
import type { TestServer } from '../../test/harness.ts'
import { makeIamUser, makeRole } from '../../test/iam.ts'

const { parts, sign, ask, viaNginx } = useGate()
let server: TestServer
let iam: IAMClient
let reader: Credentials
beforeAll(() => {
  ;({ server, iam, reader } = parts())
})

describe('signed requests', () => {
  it('pass when policies allow the action on the resource', async () => {
    const { status, headers } = await viaNginx(sign(reader))
    expect(status).toBe(200)
    expect(headers).toMatchObject({
      'x-cognomen-arn': `arn:aws:iam::${server.accountId}:user/reader`,
      'x-cognomen-account': server.accountId,
      'x-cognomen-user-id': expect.stringMatching(/^AIDA/),
      'x-cognomen-sub': '',
      'cache-control': 'no-store',
    })
  })

  it('are denied when policies do not allow it, with the reason', async () => {
    const { status, headers, body } = await viaNginx(sign(reader, { method: 'DELETE' }), { method: 'DELETE' })
    expect(status).toBe(403)
    expect(headers['x-cognomen-arn']).toBe('')
    expect(JSON.parse(body)).toEqual({
      error: 'AccessDenied',
      encodedAuthorizationMessage: expect.stringMatching(/^[\w-]+$/),
      message: `User: arn:aws:iam::${server.accountId}:user/reader is not authorized to perform: execute-api:Invoke on resource: arn:aws:execute-api:us-east-1:000000000000:shop/live/DELETE/orders/1 because no identity-based policy allows the execute-api:Invoke action`,
    })
  })

  it('are refused when any part of them was changed', async () => {
    const signed = sign(reader, { query: 'x=1' })
    expect((await viaNginx(signed, { uri: '/orders/1?x=1' })).status).toBe(200)
    for (const [uri, method] of [
      ['/orders/1?x=2', 'GET'],
      ['/orders/2?x=1', 'GET'],
      ['/orders/1?x=1', 'HEAD'],
    ] as const)
      expect((await viaNginx(signed, { uri, method })).status).toBe(401)
    const other = await ask('/authorize/nginx?route=orders', [
      ...signed,
      ['x-original-method', 'GET'],
      ['x-original-uri', '/orders/1?x=1'],
      ['x-original-host', 'other.example.com'],
      ['x-original-server', 'other.example.com'],
      ['x-original-framing', 'HTTP/1.1;;'],
    ])
    expect(other.status).toBe(401)
    expect((await viaNginx(sign(reader, { service: 'cognito-idp' }))).status).toBe(401)
    expect((await viaNginx(sign({ ...reader, secretAccessKey: 'wrong' }))).status).toBe(401)
    expect((await viaNginx([])).status).toBe(401)
  })

  it('are refused with two Authorization headers, and with an invalid host', async () => {
    const describe = async (headers: readonly (readonly [string, string])[]) => {
      const body = JSON.stringify({ route: 'orders', method: 'GET', url: `https://${HOST}/orders/1`, headers })
      return (await fetch(`${server.url}/authorize`, { method: 'POST', body })).json()
    }
    const bearer = ['authorization', 'Bearer abc'] as const
    for (const headers of [
      [...sign(reader), bearer],
      [bearer, ...sign(reader)],
    ])
      expect(await describe(headers)).toMatchObject({ status: 401, error: 'IncompleteSignatureException' })
    const hosts = sign(reader).map(([name, value]): [string, string] => [name, name === 'host' ? 'a/b' : value])
    expect(await describe(hosts)).toMatchObject({ status: 403, message: 'The host is not a name or an address.' })
  })

  it('are refused on ambiguous paths', async () => {
    for (const path of [
      ...['/orders/../admin', '//orders/1', '/orders/%2e%2e/admin', '/orders/%31', '/orders/..;/admin'],
      ...['/orders/..%3b/admin', '/orders/%252e%252e/admin', '/orders/%c0%ae%c0%ae/admin', '/orders/..%20/admin'],
    ]) {
      const { status, body } = await viaNginx(sign(reader, { path }), { uri: path })
      expect([path, status, JSON.parse(body).message]).toEqual([
        path,
        403,
        'The path can be read in more than one way.',
      ])
    }
  })

  it('are refused with a header that some servers take for another method or path', async () => {
    const names = ['X-HTTP-Method', 'X-HTTP-Method-Override', 'X-Method-Override', 'X-Original-URL', 'X-Rewrite-URL']
    for (const name of names) {
      const { status, body } = await viaNginx([...sign(reader), [name, 'DELETE']])
      const message = `Some servers read another method or path from the header ${name.toLowerCase()}.`
      expect([status, JSON.parse(body).message]).toEqual([403, message])
    }
  })

  it('are allowed by one spelling of a path', async () => {
    const one = await makeIamUser(iam, 'one', {
      Action: 'execute-api:Invoke',
      Resource: 'arn:aws:execute-api:*:*:shop/live/GET/a:b/%C3%A4',
    })
    for (const path of ['/a:b/%C3%A4', '/a%3Ab/%c3%a4'])
      expect((await viaNginx(sign(one, { path }), { uri: path })).status).toBe(200)
  })

  it('with a body pass when its hash was signed', async () => {
    const writer = await makeIamUser(iam, 'writer', { Action: 'execute-api:Invoke' })
    const body = '{"a":1}'
    const hash = createHash('sha256').update(body).digest('hex')
    const length: [string, string] = ['content-length', '7']
    const signed = sign(writer, { method: 'POST', body, headers: [['x-amz-content-sha256', hash], length] })
    const nginx = signed.filter(([name]) => name !== 'content-length')
    const passed = await viaNginx(nginx, { method: 'POST', framing: 'HTTP/1.1;7;' })
    expect([passed.status, passed.headers['x-cognomen-body-sha256']]).toEqual([200, hash])
    expect((await viaNginx(nginx, { method: 'POST', framing: 'HTTP/1.1;8;' })).status).toBe(401)
    const unsigned = sign(writer, { method: 'POST', body, headers: [['x-amz-content-sha256', 'UNSIGNED-PAYLOAD']] })
    expect((await viaNginx(unsigned, { method: 'POST', framing: 'HTTP/1.1;7;' })).status).toBe(401)
    const without = sign(writer, { method: 'POST', body })
    expect((await viaNginx(without, { method: 'POST', framing: 'HTTP/1.1;7;' })).status).toBe(401)
    // Signed with a body, sent without.
    expect(
      (
        await viaNginx(sign(writer, { method: 'POST', body, headers: [['x-amz-content-sha256', hash]] }), {
          method: 'POST',
        })
      ).status,
    ).toBe(401)
  })

  it('with a body that no signature covers are refused', async () => {
    const everything = await makeIamUser(iam, 'everything', { Action: 'execute-api:Invoke' })
    const empty = createHash('sha256').digest('hex')
    const status = async (method: string, framing: string, headers: [string, string][] = []) => {
      const { status, body } = await viaNginx(sign(everything, { method, headers }), { method, framing })
      return status === 200 ? 200 : JSON.parse(body).message.slice(0, 31)
    }
    const refused = 'The request may have a body tha'
    for (const method of ['GET', 'DELETE', 'POST', 'PUT', 'PATCH']) {
      // Signed as empty.
      for (const framing of ['HTTP/1.1;7;', 'HTTP/1.1;;chunked', 'HTTP/2.0;7;']) {
        expect([method, framing, await status(method, framing)]).toEqual([method, framing, refused])
        const said = await status(method, framing, [['x-amz-content-sha256', empty]])
        expect([method, framing, said]).toEqual([method, framing, refused])
      }
      for (const framing of ['HTTP/1.1;;', 'HTTP/1.1;0;', 'HTTP/2.0;0;'])
        expect([method, framing, await status(method, framing)]).toEqual([method, framing, 200])
    }
    // HTTP/2 announces no body, and other proxies pass on no length.
    expect(await status('GET', 'HTTP/2.0;;')).toBe(200)
    expect(await status('POST', 'HTTP/2.0;;')).toBe(refused)
    expect(await status('POST', 'HTTP/2.0;;', [['x-amz-content-sha256', empty]])).toBe(200)
    const viaTraefik = async (method: string, headers: [string, string][] = []) =>
      (
        await ask('/authorize/traefik?route=orders', [
          ...sign(everything, { method, headers }),
          ['x-forwarded-method', method],
          ['x-forwarded-uri', '/orders/1'],
          ['x-forwarded-host', HOST],
        ])
      ).status
    expect(await viaTraefik('GET')).toBe(200)
    expect(await viaTraefik('POST')).toBe(401)
    expect(await viaTraefik('POST', [['x-amz-content-sha256', empty]])).toBe(200)
    const viaEnvoy = async (method: string) =>
      (await ask('/authorize/envoy/orders/orders/1', sign(everything, { method }), method)).status
    expect([await viaEnvoy('GET'), await viaEnvoy('POST')]).toEqual([200, 401])
  })

  it('of a role session have its tags and name', async () => {
    const role = await makeRole(
      iam,
      'Session',
      { Principal: { AWS: `arn:aws:iam::${server.accountId}:root` }, Action: ['sts:AssumeRole', 'sts:TagSession'] },
      {
        Action: 'execute-api:Invoke',
        // biome-ignore lint/suspicious/noTemplateCurlyInString: a policy variable
        Resource: 'arn:aws:execute-api:us-east-1:000000000000:shop/live/GET/teams/${aws:PrincipalTag/team}',
      },
    )
    const assumer = await makeIamUser(iam, 'assumer', { Action: ['sts:AssumeRole', 'sts:TagSession'], Resource: role })
    const session = async (team: string): Promise<Credentials> => {
      const { Credentials } = await stsClient(server, assumer).send(
        new AssumeRoleCommand({ RoleArn: role, RoleSessionName: 'ada', Tags: [{ Key: 'team', Value: team }] }),
      )
      return {
        accessKeyId: Credentials?.AccessKeyId as string,
        secretAccessKey: Credentials?.SecretAccessKey as string,
        sessionToken: Credentials?.SessionToken as string,
      }
    }
    const key = await session('blue')
    const uri = '/teams/blue'
    const { status, headers } = await viaNginx(sign(key, { path: uri }), { uri })
    expect([status, headers['x-cognomen-arn']]).toEqual([
      200,
      `arn:aws:sts::${server.accountId}:assumed-role/Session/ada`,
    ])
    expect((await viaNginx(sign(key, { path: '/teams/red' }), { uri: '/teams/red' })).status).toBe(403)
    // The value of a tag is one segment.
    const longer = await session('blue/admin')
    const below = '/teams/blue/admin'
    expect((await viaNginx(sign(longer, { path: below }), { uri: below })).status).toBe(403)
  })
})
