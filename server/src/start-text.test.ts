import { expect, it } from 'vitest'
import { readConfig } from './config/config.ts'
import type { Environment } from './config/env.ts'
import type { Secrets } from './config/secrets.ts'
import type { RunningServer } from './server.ts'
import { startText } from './start-text.ts'

const textOf = (env: Environment): string =>
  startText({
    server: { url: 'http://127.0.0.1:9229', region: 'us-east-1' } as RunningServer,
    config: readConfig(env),
    secrets: { made: [], administrator: { accessKeyId: 'AKIA', secretAccessKey: 'secret' } } as unknown as Secrets,
    version: '1.2.3',
  })

it('begins with the version and the address, which programs read', () => {
  expect(textOf({})).toMatch(/^Cognomen 1\.2\.3 is ready at http:\/\/127\.0\.0\.1:9229\n/)
})

it('asks for TRUSTED_PROXIES where there must be a proxy and none is named', () => {
  const hint = /Name it in TRUSTED_PROXIES/
  expect(textOf({ PUBLIC_URL: 'https://id.example.com' })).toMatch(hint)
  expect(textOf({ PUBLIC_URL: 'https://id.example.com', TRUSTED_PROXIES: '10.0.0.1' })).not.toMatch(hint)
  expect(textOf({ PUBLIC_URL: 'http://localhost:9229' })).not.toMatch(hint)
  expect(textOf({})).not.toMatch(hint)
})
