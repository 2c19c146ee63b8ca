import { expect, it, test } from 'vitest'
import { readConfig } from './config.ts'
import type { ConfigError } from './config-error.ts'
import type { Environment } from './env.ts'

const problemsOf = (env: Environment): readonly string[] => {
  try {
    readConfig(env)
    return []
  } catch (error) {
    return (error as ConfigError).problems
  }
}

it('limits public calls of every address but loopback when nothing is set', () => {
  const { maxConnections, publicCallsPerMinute, unlimitedAddresses, trustedProxies } = readConfig({})
  expect({ maxConnections, publicCallsPerMinute }).toEqual({ maxConnections: 10_000, publicCallsPerMinute: 6000 })
  for (const address of ['127.0.0.1', '127.1.2.3', '::1']) expect(unlimitedAddresses.has(address)).toBe(true)
  for (const address of ['10.0.0.1', '192.0.2.1', 'fe80::1']) expect(unlimitedAddresses.has(address)).toBe(false)
  expect(trustedProxies.has('127.0.0.1')).toBe(false)
})

it('takes addresses and ranges, and keeps loopback unlimited beside them', () => {
  const { unlimitedAddresses, trustedProxies } = readConfig({
    UNLIMITED_ADDRESSES: '10.0.0.0/8, 2001:db8::/32',
    TRUSTED_PROXIES: '192.0.2.1',
  })
  for (const address of ['10.2.3.4', '2001:db8::7', '127.0.0.1']) expect(unlimitedAddresses.has(address)).toBe(true)
  expect([trustedProxies.has('192.0.2.1'), trustedProxies.has('192.0.2.2')]).toEqual([true, false])
})

it('lets loopback ask the gate, or instead what is set', () => {
  const mayAsk = (env: Environment) =>
    ['127.0.0.1', '::1', '10.1.2.3'].map((address) => readConfig(env).gateCallers.has(address))
  expect(mayAsk({})).toEqual([true, true, false])
  expect(mayAsk({ GATE_CALLERS: '10.0.0.0/8' })).toEqual([false, false, true])
})

it('lets this machine read the outbox, or instead what is set', () => {
  expect(readConfig({}).outboxCallers).toBeUndefined()
  const { outboxCallers } = readConfig({ OUTBOX_CALLERS: '10.0.0.0/8' })
  expect(['127.0.0.1', '10.1.2.3'].map((address) => outboxCallers?.has(address))).toEqual([false, true])
})

it('is in production only when that is said, and takes no other spelling', () => {
  const production = (NODE_ENV?: string) => readConfig({ NODE_ENV }).production
  expect(['production', 'development', 'test', '', undefined].map(production)).toEqual([
    true,
    false,
    false,
    false,
    false,
  ])
  for (const NODE_ENV of ['Production', 'PRODUCTION', 'prod', 'staging'])
    expect(problemsOf({ NODE_ENV })).toEqual([
      `NODE_ENV is '${NODE_ENV}' but must be one of production, development, test.`,
    ])
})

it('takes signatures for its own region and further ones', () => {
  expect(readConfig({}).regions).toEqual(['us-east-1'])
  const FURTHER_REGIONS = 'us-east-1, eu-west-1,us-gov-west-1'
  expect(readConfig({ FURTHER_REGIONS }).regions).toEqual(['us-east-1', 'eu-west-1', 'us-gov-west-1'])
})

test.each([
  [{ GATE_CALLERS: 'proxy' }, /^GATE_CALLERS must be addresses or CIDR ranges/],
  [{ OUTBOX_CALLERS: 'me' }, /^OUTBOX_CALLERS must be addresses or CIDR ranges/],
  [{ FURTHER_REGIONS: 'eu-west-1, Frankfurt' }, /^FURTHER_REGIONS must be regions such as eu-west-1/],
  [{ UNLIMITED_ADDRESSES: '10.0.0.0/8,example.com' }, /^UNLIMITED_ADDRESSES must be addresses or CIDR ranges/],
  [{ TRUSTED_PROXIES: '10.0.0.0/99' }, /^TRUSTED_PROXIES must be addresses or CIDR ranges/],
  [{ PUBLIC_CALLS_PER_MINUTE: '-1' }, /^PUBLIC_CALLS_PER_MINUTE is '-1' but must be a whole number/],
  [{ MAX_CONNECTIONS: '0' }, /^MAX_CONNECTIONS is '0' but must be a whole number from 1/],
])('%j is reported', (env, problem) => {
  expect(problemsOf(env)).toEqual([expect.stringMatching(problem)])
})

it('takes actions for guests, and refuses what is none', () => {
  expect(readConfig({}).guestActions).toEqual([])
  expect(readConfig({ GUEST_ACTIONS: ' photos:View*, notes:* ,' }).guestActions).toEqual(['photos:View*', 'notes:*'])
  const problem = 'GUEST_ACTIONS must be at most 20 actions such as photos:View*, separated by commas.'
  for (const GUEST_ACTIONS of ['*', 'photos', 'photos:View Album', 'a:b,'.repeat(21), '"x":*'])
    expect([GUEST_ACTIONS, problemsOf({ GUEST_ACTIONS })]).toEqual([GUEST_ACTIONS, [problem]])
})

it('reads what a pooler in front of PostgreSQL needs', () => {
  const url = 'postgres://db/cognomen'
  expect(readConfig({ DATABASE_URL: url }).database).toEqual({
    engine: 'postgres',
    url,
    connections: 8,
    preparedStatements: true,
    connectTimeoutMs: 5000,
    statementTimeoutMs: 5000,
    lockTimeoutMs: 3000,
    idleTransactionTimeoutMs: 10_000,
  })
  const { database } = readConfig({
    DATABASE_URL: url,
    DATABASE_PREPARED_STATEMENTS: 'false',
    DATABASE_STATEMENT_TIMEOUT_MS: '0',
  })
  expect(database).toMatchObject({ preparedStatements: false, statementTimeoutMs: 0 })
  expect(problemsOf({ DATABASE_PREPARED_STATEMENTS: 'no', DATABASE_CONNECT_TIMEOUT_MS: '0' })).toEqual([
    "DATABASE_PREPARED_STATEMENTS is 'no' but must be true or false.",
    "DATABASE_CONNECT_TIMEOUT_MS is '0' but must be a whole number from 100 to 600000.",
  ])
})
