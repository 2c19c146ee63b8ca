import { expect, test } from 'vitest'
import { TestClock } from '../../../test/harness.ts'
import type { WebRequest } from '../../effects/effects.ts'
import { createProviderKeys } from './provider-keys.ts'

/** A web client with two documents, which records its requests. */
function webOf(issuer: string) {
  const requests: WebRequest[] = []
  const json = (value: unknown) => ({ status: 200, contentType: '', body: Buffer.from(JSON.stringify(value)) })
  return {
    requests,
    send: async (request: WebRequest) => {
      requests.push(request)
      return json(request.url.endsWith('/keys') ? { keys: [] } : { issuer, jwks_uri: 'https://keys.example.com/keys' })
    },
  }
}

test('keys are fetched with the restrictions of a foreign URL, so a provider cannot point to this host', async () => {
  const web = webOf('https://idp.example.com/')
  expect(await createProviderKeys(web, new TestClock()).keysOf('https://idp.example.com/')).not.toHaveProperty(
    'unreachable',
  )
  expect(web.requests).toEqual([
    { url: 'https://idp.example.com/.well-known/openid-configuration' },
    { url: 'https://keys.example.com/keys', namedBy: 'https://idp.example.com/.well-known/openid-configuration' },
  ])
})

test('the least recently used issuer is evicted', async () => {
  const web = webOf('')
  const send = web.send
  const keys = createProviderKeys(
    {
      send: async (request) => {
        const answer = await send(request)
        if (request.url.endsWith('/keys')) return answer
        const issuer = request.url.replace('/.well-known/openid-configuration', '')
        return { ...answer, body: Buffer.from(JSON.stringify({ issuer, jwks_uri: `${issuer}/keys` })) }
      },
    },
    new TestClock(),
  )
  for (let i = 0; i < 1001; i++) {
    await keys.keysOf(`https://${i}.example`)
    // Used throughout, so not evicted.
    await keys.keysOf('https://0.example')
  }
  const before = web.requests.length
  await keys.keysOf('https://0.example')
  await keys.keysOf('https://1000.example')
  expect(web.requests).toHaveLength(before)
  await keys.keysOf('https://1.example')
  expect(web.requests).toHaveLength(before + 2)
})
