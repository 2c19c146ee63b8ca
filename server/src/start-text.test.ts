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

it('names the address of each further region', () => {
  const FURTHER_REGIONS = 'us-east-1,eu-west-1,eu-central-1'
  const said = textOf({ FURTHER_REGIONS })
    .split('\n')
    .filter((line) => line.includes('/regions/'))
  expect(said.map((line) => line.trim())).toEqual([
    'Also                 eu-west-1 at http://127.0.0.1:9229/regions/eu-west-1',
    'Also                 eu-central-1 at http://127.0.0.1:9229/regions/eu-central-1',
  ])
  expect(textOf({})).not.toContain('/regions/')
})

it('asks for TRUSTED_PROXIES where there must be a proxy and none is named', () => {
  const hint = /Name it in TRUSTED_PROXIES/
  expect(textOf({ PUBLIC_URL: 'https://id.example.com' })).toMatch(hint)
  expect(textOf({ PUBLIC_URL: 'https://id.example.com', TRUSTED_PROXIES: '10.0.0.1' })).not.toMatch(hint)
  expect(textOf({ PUBLIC_URL: 'http://localhost:9229' })).not.toMatch(hint)
  expect(textOf({})).not.toMatch(hint)
})

it('asks for PUBLIC_URL where it listens on every address', () => {
  const hint =
    /every address of this machine\. Set PUBLIC_URL .*\n +http:\S+:9229: until then tokens name http:\/\/127\.0\.0\.1:9229/
  for (const HOST of ['0.0.0.0', '::']) {
    expect(textOf({ HOST })).toMatch(hint)
    expect(textOf({ HOST, PUBLIC_URL: 'https://id.example.com' })).not.toMatch(hint)
  }
  expect(textOf({})).not.toMatch(hint)
})

it('warns of a public address in development, and says who reads the outbox', () => {
  const warning = /Others may reach this server, which is for development/
  for (const env of [{ HOST: '0.0.0.0' }, { HOST: '192.0.2.1' }, { PUBLIC_URL: 'https://id.example.com' }]) {
    expect(textOf(env)).toMatch(warning)
    expect(textOf(env)).toMatch(/this machine can read every code/)
    expect(textOf({ ...env, OUTBOX_CALLERS: '192.0.2.0/24' })).toMatch(
      /whoever OUTBOX_CALLERS names can read every code/,
    )
    expect(textOf({ ...env, NODE_ENV: 'production' })).not.toMatch(warning)
  }
  for (const PUBLIC_URL of ['http://localhost:9229', 'http://auth.localhost', 'http://[::1]:1', 'http://127.0.0.2'])
    expect(textOf({ PUBLIC_URL })).not.toMatch(warning)
})

it('says in production that e-mail is not sent', () => {
  const missing = /e-mail is not sent: set SMTP_URL/
  expect(textOf({ NODE_ENV: 'production' })).toMatch(missing)
  expect(textOf({ NODE_ENV: 'production', SMTP_URL: 'smtp://mail' })).toMatch(/Messages +sent by e-mail\n/)
  expect(textOf({})).not.toMatch(missing)
})
