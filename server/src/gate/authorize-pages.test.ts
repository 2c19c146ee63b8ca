// The gate, called as proxies and servers call it.
import { createHash } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { request as httpRequest } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  AdminAddUserToGroupCommand,
  AdminDisableUserCommand,
  CreateGroupCommand,
  GlobalSignOutCommand,
} from '@aws-sdk/client-cognito-identity-provider'
import type { IAMClient } from '@aws-sdk/client-iam'
import { AssumeRoleCommand } from '@aws-sdk/client-sts'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Credentials, iamClient, stsClient } from '../../test/aws-clients.ts'
import { makeClient, makePool, makeUser, signIn, startTestServer, type TestServer } from '../../test/harness.ts'
import { makeIamUser, makeRole } from '../../test/iam.ts'
import { signRequest } from '../sigv4/sign.ts'

const RESOURCE = 'arn:aws:execute-api:us-east-1:000000000000:shop/live/{method}/{path}'
const HOST = 'shop.example.com'

let server: TestServer
let iam: IAMClient
let folder: string
let reader: Credentials

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gate-'))
  const routes = { orders: { action: 'execute-api:Invoke', resource: RESOURCE, role: 'groups', scopes: [] } }
  writeFileSync(join(folder, 'routes.json'), JSON.stringify(routes))
  server = await startTestServer({ env: { GATE_ROUTES: join(folder, 'routes.json') } })
  iam = iamClient(server)
  reader = await makeIamUser(iam, 'reader', {
    Action: 'execute-api:Invoke',
    Resource: 'arn:aws:execute-api:us-east-1:000000000000:shop/live/GET/*',
  })
})
afterAll(async () => {
  await server?.stop()
  await rm(folder, { recursive: true, force: true })
})

interface Signed {
  method?: string
  path?: string
  query?: string
  body?: string
  headers?: [string, string][]
  service?: string
}

const sign = (
  key: Credentials,
  { method = 'GET', path = '/orders/1', query = '', body = '', headers = [], service = 'execute-api' }: Signed = {},
) =>
  signRequest(
    { method, rawPath: path, rawQuery: query, headers: [['host', HOST], ...headers], body },
    key,
    { region: server.region, service },
    server.clock.now(),
  )

/** What nginx sends, by node:http: fetch would set its own Host. */
const ask = (address: string, headers: readonly (readonly [string, string])[], method = 'GET', sent = '') =>
  new Promise<{ status: number; headers: Record<string, unknown>; body: string }>((resolve, reject) => {
    const url = new URL(server.url)
    const outgoing = httpRequest(
      { host: url.hostname, port: url.port, method, path: address, headers: Object.fromEntries(headers) },
      (response) => {
        const chunks: Buffer[] = []
        response.on('data', (chunk) => chunks.push(chunk))
        response.on('end', () =>
          resolve({
            status: response.statusCode ?? 0,
            headers: response.headers,
            body: Buffer.concat(chunks).toString(),
          }),
        )
      },
    )
    outgoing.on('error', reject).end(sent)
  })

const viaNginx = (
  headers: readonly (readonly [string, string])[],
  { method = 'GET', uri = '/orders/1', address = '/authorize/nginx?route=orders', framing = 'HTTP/1.1;;' } = {},
) =>
  ask(address, [
    ...headers,
    ['x-original-method', method],
    ['x-original-uri', uri],
    ['x-original-host', HOST],
    ['x-original-server', HOST],
    ['x-original-framing', framing],
  ])

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

describe('users with a token', () => {
  const user = async (name: string, withRole: boolean) => {
    const { Id: UserPoolId } = await makePool(server)
    const { ClientId } = await makeClient(server, UserPoolId)
    const sub = await makeUser(server, UserPoolId, name)
    if (withRole) {
      const RoleArn = await makeRole(
        iam,
        `Shop-${name}`,
        { Principal: { AWS: server.accountId } },
        // biome-ignore lint/suspicious/noTemplateCurlyInString: a policy variable
        { Action: 'execute-api:Invoke', Resource: 'arn:aws:execute-api:*:*:shop/live/*/users/${cognomen:sub}/*' },
      )
      await server.admin.send(new CreateGroupCommand({ UserPoolId, GroupName: 'shop,team-ä', RoleArn, Precedence: 1 }))
      await server.admin.send(new AdminAddUserToGroupCommand({ UserPoolId, Username: name, GroupName: 'shop,team-ä' }))
    }
    return { UserPoolId, ClientId, sub, tokens: await signIn(server, ClientId, name) }
  }
  const bearer = (token: string): [string, string][] => [['authorization', `Bearer ${token}`]]

  it('act under the role of their groups, and reach only their own resources', async () => {
    const { sub, ClientId, UserPoolId, tokens } = await user('ada', true)
    const own = await viaNginx(bearer(tokens.AccessToken), { uri: `/users/${sub}/cart` })
    expect(own.status).toBe(200)
    expect(own.headers).toMatchObject({
      'x-cognomen-sub': sub,
      'x-cognomen-username': 'ada',
      'x-cognomen-client-id': ClientId,
      'x-cognomen-issuer': `${server.publicUrl}/${UserPoolId}`,
      'x-cognomen-groups': 'shop%2Cteam-%C3%A4',
      'x-cognomen-scopes': 'aws.cognito.signin.user.admin',
      'x-cognomen-arn': `arn:aws:sts::${server.accountId}:assumed-role/Shop-ada/${sub}`,
    })
    expect((await viaNginx(bearer(tokens.AccessToken), { uri: '/users/someone/cart' })).status).toBe(403)
  })

  it('reach no other segment of the path by how they are named', async () => {
    const { Id: UserPoolId } = await makePool(server)
    const { ClientId } = await makeClient(server, UserPoolId)
    const role = await makeRole(
      iam,
      'Named',
      { Principal: { AWS: server.accountId } },
      // biome-ignore lint/suspicious/noTemplateCurlyInString: a policy variable
      { Action: 'execute-api:Invoke', Resource: 'arn:aws:execute-api:*:*:shop/live/*/users/${cognomen:username}/*' },
    )
    const address = `/authorize/nginx?action=execute-api:Invoke&resource=${RESOURCE}&role=${role}`
    const reaches = async (name: string, uri: string) => {
      const { AccessToken } = await signIn(server, ClientId, name)
      return (await viaNginx(bearer(AccessToken), { uri, address })).status === 200
    }
    for (const name of ['ada', 'ada/orders', 'ä', '%C3%A4', '*', 'x:y']) await makeUser(server, UserPoolId, name)
    expect(await reaches('ada', '/users/ada/orders/1')).toBe(true)
    expect(await reaches('ada/orders', '/users/ada/orders/1')).toBe(false)
    expect(await reaches('ä', '/users/%C3%A4/cart')).toBe(true)
    expect(await reaches('%C3%A4', '/users/%C3%A4/cart')).toBe(false)
    expect(await reaches('*', '/users/ada/cart')).toBe(false)
    expect(await reaches('x:y', '/users/x:y/cart')).toBe(true)
    expect(await reaches('x:y', '/users/x%3Ay/cart')).toBe(true)
  })

  it('need an access token that is valid and not revoked', async () => {
    const { sub, UserPoolId, tokens } = await user('grace', true)
    const uri = `/users/${sub}/cart`
    const status = async (token: string) => (await viaNginx(bearer(token), { uri })).status
    expect(await status(tokens.AccessToken)).toBe(200)
    expect(await status(tokens.RefreshToken)).toBe(401)
    expect(await status(`${tokens.AccessToken.slice(0, -4)}AAAA`)).toBe(401)
    await server.app.send(new GlobalSignOutCommand({ AccessToken: tokens.AccessToken }))
    expect(await status(tokens.AccessToken)).toBe(401)
    await server.admin.send(new AdminDisableUserCommand({ UserPoolId, Username: 'grace' }))
    expect(await status(tokens.AccessToken)).toBe(401)
  })

  it('are refused when their groups have no role, and on a route without a role', async () => {
    const { UserPoolId, tokens } = await user('linus', false)
    const refused = await viaNginx(bearer(tokens.AccessToken))
    expect([refused.status, JSON.parse(refused.body).message]).toEqual([
      401,
      'The groups of the user name no role, or several.',
    ])
    const role = await makeRole(iam, 'Everybody', { Principal: { AWS: server.accountId } }, { Action: 'shop:Look' })
    const route = `/authorize/nginx?action=shop:Look&resource=*&role=${encodeURIComponent(role)}`
    const at = async (more: string) => (await viaNginx(bearer(tokens.AccessToken), { address: route + more })).status
    expect(await at('')).toBe(200)
    expect(await at(`&userPool=${UserPoolId}`)).toBe(200)
    expect(await at('&userPool=us-east-1_other')).toBe(401)
    expect(await at('&client=other')).toBe(401)
    expect(await at('&scope=aws.cognito.signin.user.admin&scope=x')).toBe(200)
    expect(await at('&scope=orders/read')).toBe(401)
    expect(
      (await viaNginx(bearer(tokens.AccessToken), { address: '/authorize/nginx?action=shop:Look&resource=*' })).status,
    ).toBe(401)
  })
})

describe('other kinds of requests', () => {
  it('Traefik and Envoy', async () => {
    const traefik = await ask('/authorize/traefik?route=orders', [
      ...sign(reader),
      ['x-forwarded-method', 'GET'],
      ['x-forwarded-uri', '/orders/1'],
      ['x-forwarded-host', HOST],
      ['x-forwarded-proto', 'https'],
    ])
    expect(traefik.status).toBe(200)
    const envoy = await ask('/authorize/envoy/orders/orders/1', sign(reader))
    expect(envoy.status).toBe(200)
    expect((await ask('/authorize/envoy/orders/orders/2', sign(reader))).status).toBe(401)
  })

  it('the path that Envoy appends cannot select another route', async () => {
    for (const path of [
      '/../../../health/live',
      '/%2e%2e/%2E%2E/.%2e/health/live',
      '/admin/../../../../health/live',
      '/orders/..',
      '/orders/./1',
      '/..\\..\\..\\health\\live',
    ])
      expect([path, (await ask(`/authorize/envoy/orders${path}`, [['host', HOST]])).status]).toEqual([path, 403])
    const description = JSON.stringify({ action: 'a:b', resource: '*', method: 'GET', url: 'http://h/', headers: {} })
    const length: [string, string] = ['content-length', String(description.length)]
    const posted = await ask('/authorize/envoy/orders/../../../authorize', [length], 'POST', description)
    expect(posted.status).toBe(403)
  })

  it('a wrongly configured proxy gets refusals', async () => {
    expect((await viaNginx(sign(reader), { address: '/authorize/nginx?route=unknown' })).status).toBe(403)
    expect((await viaNginx(sign(reader), { address: '/authorize/nginx' })).status).toBe(403)
    expect((await ask('/authorize/nginx?route=orders', sign(reader))).status).toBe(403)
    expect((await ask('/authorize/apache?route=orders', sign(reader))).status).toBe(404)
  })

  const describeRequest = async (description: unknown) => {
    const ready = typeof description === 'string' || description instanceof Uint8Array
    const body = ready ? (description as BodyInit) : JSON.stringify(description)
    const response = await fetch(`${server.url}/authorize`, { method: 'POST', body })
    return { status: response.status, json: (await response.json()) as Record<string, unknown> }
  }

  it('a description, answered as JSON', async () => {
    const url = `https://${HOST}/orders/1`
    const allowed = await describeRequest({
      route: 'orders',
      method: 'GET',
      url,
      headers: Object.fromEntries(sign(reader)),
    })
    expect(allowed).toEqual({
      status: 200,
      json: { allowed: true, identity: expect.objectContaining({ arn: expect.stringMatching(/user\/reader$/) }) },
    })
    const denied = await describeRequest({
      action: 'orders:Delete',
      resource: '*',
      method: 'GET',
      url,
      headers: sign(reader),
    })
    expect(denied.json).toMatchObject({ allowed: false, status: 403, error: 'AccessDenied' })
  })

  it('the address of the client is sourceIp of a description, or unknown', async () => {
    const local = await makeIamUser(iam, 'local', {
      Action: 'execute-api:Invoke',
      Condition: { IpAddress: { 'aws:SourceIp': '127.0.0.0/8' } },
    })
    const request = { route: 'orders', method: 'GET', url: `https://${HOST}/orders/1`, headers: sign(local) }
    expect((await describeRequest({ ...request, sourceIp: '127.0.0.1' })).json).toMatchObject({ allowed: true })
    for (const sourceIp of [undefined, '203.0.113.7', ''])
      expect((await describeRequest({ ...request, sourceIp })).json).toMatchObject({ allowed: false, status: 403 })
  })

  it('a description that is too large is refused', async () => {
    const chunk = 'x'.repeat(64 * 1024)
    let chunks = 0
    const endless = new ReadableStream({
      pull(controller) {
        if (chunks++ < 1000) controller.enqueue(new TextEncoder().encode(chunk))
        else controller.close()
      },
    })
    const response = await fetch(`${server.url}/authorize`, {
      method: 'POST',
      body: endless,
      duplex: 'half',
    } as RequestInit).catch(() => undefined)
    // The answer, or a connection that ends while the rest is on its way.
    expect(response?.status ?? 413).toBe(413)
    expect(chunks).toBeLessThan(200)
    const known = await fetch(`${server.url}/authorize`, { method: 'POST', body: 'x'.repeat(256 * 1024 + 1) })
    expect([known.status, await known.json()]).toEqual([413, { message: 'The description is too large.' }])
  })

  it.each([
    ['no JSON', '{', 'The body must be JSON.'],
    ['null', 'null', 'The body must be an object.'],
    ['no route', { method: 'GET' }, 'action must be service:Action.'],
    ['an unknown route', { route: 'x' }, 'There is no route x.'],
    ['a route that is no text', { route: { toString: 1 } }, 'route must be the name of a route.'],
    [
      'a relative URL',
      { route: 'orders', method: 'GET', url: '/a', headers: {} },
      'method must be upper case, url absolute, with http or https, and host no more than one header.',
    ],
    [
      'headers of numbers',
      { route: 'orders', method: 'GET', url: 'http://h/', headers: { a: 1 } },
      'method, url and headers describe the request: two texts, and names with values.',
    ],
    [
      'bytes that are not UTF-8',
      Buffer.from('{"route":"orders","method":"GET","url":"http://h/\xff","headers":{}}', 'latin1'),
      'The body must be UTF-8.',
    ],
    [
      'half a hash',
      { route: 'orders', method: 'GET', url: 'http://h/', headers: {}, bodySha256: 'ab' },
      'bodySha256 must be 64 hexadecimal digits.',
    ],
    [
      'a hash that is no text',
      { route: 'orders', method: 'GET', url: 'http://h/', headers: {}, bodySha256: { toString: 1 } },
      'bodySha256 must be 64 hexadecimal digits.',
    ],
  ])('a description with %s', async (_, description, message) => {
    expect(await describeRequest(description)).toEqual({ status: 400, json: { message } })
  })
})

describe('who may ask', () => {
  it('is loopback unless configured, and nobody whom a proxy passed on', async () => {
    const description = JSON.stringify({
      route: 'orders',
      method: 'GET',
      url: `https://${HOST}/orders/1`,
      headers: sign(reader),
    })
    const statusOf = async (headers: Record<string, string>) =>
      (await fetch(`${server.url}/authorize`, { method: 'POST', headers, body: description })).status
    expect(await statusOf({})).toBe(200)
    for (const name of ['x-forwarded-for', 'forwarded', 'x-real-ip', 'via', 'x-forwarded-host'])
      expect([name, await statusOf({ [name]: '127.0.0.1' })]).toEqual([name, 403])
  })

  it('is refused at every address of the gate, whatever it says of itself', async () => {
    const closed = await startTestServer({ env: { GATE_CALLERS: '192.0.2.7', TRUSTED_PROXIES: '127.0.0.1' } })
    const { port } = new URL(closed.url)
    const answerAt = (path: string, method = 'GET') =>
      new Promise<string>((resolve, reject) => {
        const headers = { 'x-forwarded-for': '192.0.2.7' }
        httpRequest({ host: '127.0.0.1', port, path, method, headers }, (response) => {
          let text = `${response.statusCode} `
          response.on('data', (chunk) => {
            text += chunk
          })
          response.on('end', () => resolve(text))
        })
          .on('error', reject)
          .end()
      })
    const asked = [await answerAt('/authorize', 'POST')]
    for (const path of ['nginx?action=a:b&resource=*', 'traefik', 'envoy/orders/1', 'apache'])
      asked.push(await answerAt(`/authorize/${path}`))
    asked.push(await answerAt('/%61uthorize/nginx'))
    await closed.stop()
    const refused = '403 {"message":"The gate does not answer 127.0.0.1: GATE_CALLERS names who may ask."}'
    expect(asked).toEqual(Array.from({ length: 6 }, () => refused))
  })
})
