import { DecodeAuthorizationMessageCommand } from '@aws-sdk/client-sts'
import { beforeAll, describe, expect, it } from 'vitest'
import { iamClient, stsClient } from '../../../test/aws-clients.ts'
import { expectRefusal, useTestServer } from '../../../test/harness.ts'
import { makeIamUser } from '../../../test/iam.ts'
import { signRequest } from '../../sigv4/sign.ts'

describe('DecodeAuthorizationMessage', () => {
  const server = useTestServer()
  let message: string
  const decode = (EncodedMessage: string) =>
    stsClient(server).send(new DecodeAuthorizationMessageCommand({ EncodedMessage }))

  beforeAll(async () => {
    const key = await makeIamUser(
      iamClient(server),
      'ada',
      { Action: 'orders:*' },
      { Effect: 'Deny', Action: 'orders:Delete', Sid: 'Never' },
    )
    const request = { method: 'GET', rawPath: '/1', rawQuery: '', headers: [['host', 'h']] as const, body: '' }
    const response = await fetch(`${server.url}/authorize`, {
      method: 'POST',
      body: JSON.stringify({
        action: 'orders:Delete',
        resource: 'arn:aws:orders:::1',
        method: 'GET',
        url: 'http://h/1',
        headers: signRequest(request, key, { region: server.region, service: 'execute-api' }, server.clock.now()),
      }),
    })
    message = ((await response.json()) as { encodedAuthorizationMessage: string }).encodedAuthorizationMessage
  })

  it('says why the gate denied a request', async () => {
    const { DecodedMessage = '' } = await decode(message)
    expect(JSON.parse(DecodedMessage)).toEqual({
      allowed: false,
      explicitDeny: true,
      matchedStatements: {
        items: [{ statementId: 'Never', effect: 'DENY', sourcePolicyType: 'identity', position: 1 }],
      },
      failures: { items: [] },
      decidedBy: 'identity-based policy',
      context: {
        principal: {
          id: expect.stringMatching(/^AIDA/),
          arn: `arn:aws:iam::${server.accountId}:user/ada`,
        },
        action: 'orders:Delete',
        resource: 'arn:aws:orders:::1',
        conditions: {
          items: expect.arrayContaining([
            { key: 'aws:username', values: { items: [{ value: 'ada' }] } },
            { key: 'aws:SecureTransport', values: { items: [{ value: 'false' }] } },
          ]),
        },
      },
    })
  })

  it('refuses text that is not a message of this account', async () => {
    await expectRefusal(decode('x'.repeat(10_241)), 'ValidationError', /less than or equal to 10240$/)
    for (const text of ['x', `${message.slice(0, -2)}AA`, message.slice(1)])
      await expectRefusal(decode(text), 'InvalidAuthorizationMessageException', 'Message is not valid')
  })

  it('refuses callers without a signature, and without the permission', async () => {
    const response = await fetch(server.url, {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: `Action=DecodeAuthorizationMessage&Version=2011-06-15&EncodedMessage=${message}`,
    })
    expect([response.status, await response.text()]).toEqual([
      403,
      expect.stringContaining('<Code>MissingAuthenticationToken</Code>'),
    ])
    const key = await makeIamUser(iamClient(server), 'eve', { Action: 'orders:*' })
    await expectRefusal(
      stsClient(server, key).send(new DecodeAuthorizationMessageCommand({ EncodedMessage: message })),
      'AccessDenied',
      /is not authorized to perform: sts:DecodeAuthorizationMessage on resource: \*/,
    )
  })
})
