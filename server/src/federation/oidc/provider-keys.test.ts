import { expect, test } from 'vitest'
import { TestClock } from '../../../test/harness.ts'
import type { WebRequest } from '../../effects/effects.ts'
import { createProviderKeys } from './provider-keys.ts'

/** A web of two documents, that writes down what it is asked for. */
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

test('keys are asked for in the name of the discovery document, so none can send us to this machine', async () => {
  const web = webOf('https://idp.example.com/')
  expect(await createProviderKeys(web, new TestClock()).keysOf('https://idp.example.com/')).not.toHaveProperty(
    'unreachable',
  )
  expect(web.requests).toEqual([
    { url: 'https://idp.example.com/.well-known/openid-configuration' },
    { url: 'https://keys.example.com/keys', namedBy: 'https://idp.example.com/.well-known/openid-configuration' },
  ])
})

test('issuers that are not used any more make room', async () => {
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
    // In use all the time.
    await keys.keysOf('https://0.example')
  }
  const before = web.requests.length
  await keys.keysOf('https://0.example')
  await keys.keysOf('https://1000.example')
  expect(web.requests).toHaveLength(before)
  await keys.keysOf('https://1.example')
  expect(web.requests).toHaveLength(before + 2)
})
