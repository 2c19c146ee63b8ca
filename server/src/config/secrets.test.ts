import { randomBytes } from 'node:crypto'
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { readConfig } from './config.ts'
import { ConfigError } from './config-error.ts'
import type { Environment } from './env.ts'
import { weakAccessKey, weakBytes } from './key-quality.ts'
import { loadSecrets } from './secrets.ts'

const folder = mkdtempSync(join(tmpdir(), 'cognomen-secrets-'))
afterAll(() => rmSync(folder, { recursive: true }))

const base64 = (bytes: Iterable<number>) => Buffer.from([...bytes]).toString('base64')
const good = {
  COGNOMEN_MASTER_KEY: randomBytes(32).toString('base64'),
  COGNOMEN_ACCESS_KEY_ID: 'AKIAQ3EGUWRT5V7XCMLP',
  COGNOMEN_SECRET_ACCESS_KEY: randomBytes(30).toString('base64'),
}
const load = (env: Environment) => loadSecrets(readConfig({ DATABASE_URL: 'sqlite::memory:', ...good, ...env }))

describe('keys that are none', () => {
  it.each<[RegExp, Environment]>([
    [/^The master key is a few bytes repeated\. /, { COGNOMEN_MASTER_KEY: '0'.repeat(64) }],
    [/^The master key is a few bytes repeated\. /, { COGNOMEN_MASTER_KEY: 'deadbeef'.repeat(8) }],
    [/^The master key is a sequence\. /, { COGNOMEN_MASTER_KEY: base64(Array(32).keys()) }],
    [
      /^The master key is a sequence\. /,
      { COGNOMEN_MASTER_KEY: base64([...Array(32).keys()].map((i) => 250 - 3 * i)) },
    ],
    [/^The master key is readable text/, { COGNOMEN_MASTER_KEY: btoa('The quick brown fox jumps: 42 Xy') }],
    [
      /^The administrator's key .* is an example of the documentation\. /,
      { COGNOMEN_ACCESS_KEY_ID: 'AKIAIOSFODNN7EXAMPLE' },
    ],
    [
      /^The administrator's key .* is an example of the documentation\. /,
      { COGNOMEN_SECRET_ACCESS_KEY: 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY' },
    ],
    [/^The administrator's key .* is a few characters/, { COGNOMEN_SECRET_ACCESS_KEY: 'x'.repeat(40) }],
    [/^The administrator's key .* is a default that/, { COGNOMEN_SECRET_ACCESS_KEY: 'changemechangeme' }],
  ])('%s: refused in production, warned of elsewhere', (problem, env) => {
    expect(load(env).warnings).toEqual([expect.stringMatching(problem)])
    const refused = () => load({ ...env, NODE_ENV: 'production' })
    expect(refused).toThrow(ConfigError)
    expect(refused).toThrow(expect.objectContaining({ problems: [expect.stringMatching(problem)] }))
  })

  it('are no random ones', () => {
    for (let i = 0; i < 20_000; i++) {
      expect(weakBytes(randomBytes(32))).toBeUndefined()
      expect(weakAccessKey({ accessKeyId: 'A', secretAccessKey: randomBytes(12).toString('base64') })).toBeUndefined()
    }
    expect(load({ NODE_ENV: 'production' }).warnings).toEqual([])
  })

  it('do not hinder a change: an earlier master key may be weak', () => {
    const env = { COGNOMEN_PREVIOUS_MASTER_KEYS: '0'.repeat(64), NODE_ENV: 'production' }
    expect(load(env).masterKeys.previous).toHaveLength(1)
  })
})

describe.skipIf(process.platform === 'win32')('files of keys', () => {
  it('that every user may read are refused in production, and warned of elsewhere', () => {
    const file = join(folder, 'key')
    writeFileSync(file, good.COGNOMEN_MASTER_KEY)
    const env = { COGNOMEN_MASTER_KEY: undefined, COGNOMEN_MASTER_KEY_FILE: file }
    for (const [mode, open] of [
      [0o644, true],
      [0o604, true],
      [0o640, false],
      [0o400, false],
    ] as const) {
      chmodSync(file, mode)
      const problem = `Every user of this machine can read the key file ${file} (mode ${mode.toString(8)}): chmod o= ${file}`
      expect(load(env).warnings).toEqual(open ? [problem] : [])
      const inProduction = () => load({ ...env, NODE_ENV: 'production' })
      if (open) expect(inProduction).toThrow(problem)
      else expect(inProduction).not.toThrow()
    }
  })

  it('that a start makes itself are nobody else’s', () => {
    const env = Object.fromEntries(Object.keys(good).map((name) => [name, undefined]))
    const DATA_DIR = join(folder, 'data')
    const made = () => load({ ...env, DATABASE_URL: undefined, DATA_DIR, NODE_ENV: 'production' })
    expect(made().made).toEqual([join(DATA_DIR, 'master-key'), join(DATA_DIR, 'credentials')])
    expect(readFileSync(join(DATA_DIR, '.gitignore'), 'utf8')).toBe('*\n')
    for (const name of ['credentials', 'master-key']) {
      expect(statSync(join(DATA_DIR, name)).mode & 0o777).toBe(0o600)
      chmodSync(join(DATA_DIR, name), 0o644)
      expect(made).toThrow(`can read the key file ${join(DATA_DIR, name)}`)
      chmodSync(join(DATA_DIR, name), 0o600)
    }
  })

  it('lie without a .gitignore in a folder that was there before', () => {
    const env = Object.fromEntries(Object.keys(good).map((name) => [name, undefined]))
    const DATA_DIR = join(folder, 'own')
    mkdirSync(DATA_DIR)
    load({ ...env, DATABASE_URL: undefined, DATA_DIR })
    expect(readdirSync(DATA_DIR).sort()).toEqual(['credentials', 'master-key'])
  })
})
