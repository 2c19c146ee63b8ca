// What identity pools, Cognito Sync, STS and IAM keep to themselves: whatever is asked, no answer holds a secret access key, a session
// token or a login token but those that are meant to give one, once; and no line of the log holds any.
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { arbitraryInput, goodInput } from './bad-input/arbitrary-input.ts'
import { describe as describeTree, type Tree } from './bad-input/json-tree.ts'
import { cognitoSync, iam, identityPools, sts, type TestedService } from './bad-input/services.ts'
import { SEED } from './bad-input/trial.ts'
import { makeSharedPools, type SharedPools, World } from './bad-input/world.ts'
import { startTestServer, type TestServer } from './harness.ts'
import { type Answer, call, elementOf } from './refusals/raw-request.ts'

const RUNS = 3

/** What an answer of these operations gives, and no other does. */
const GIVEN: Readonly<Record<string, readonly string[]>> = {
  CreateAccessKey: ['SecretAccessKey'],
  AssumeRole: ['SecretAccessKey', 'SessionToken'],
  AssumeRoleWithSAML: ['SecretAccessKey', 'SessionToken'],
  AssumeRoleWithWebIdentity: ['SecretAccessKey', 'SessionToken'],
  GetFederationToken: ['SecretAccessKey', 'SessionToken'],
  GetSessionToken: ['SecretAccessKey', 'SessionToken'],
  GetCredentialsForIdentity: ['SecretKey', 'SessionToken'],
  GetOpenIdToken: ['Token'],
  GetOpenIdTokenForDeveloperIdentity: ['Token'],
}

/** Members of requests that hold one. */
const TAKEN = ['WebIdentityToken', 'SAMLAssertion', 'TradeInToken', 'AddPrivateKey']

const services: readonly TestedService[] = [identityPools, cognitoSync, sts, iam]
const rows = services.flatMap((service) => service.operations.map((operation) => ({ service, operation })))

/** Pieces of every secret that was given or taken: the beginning of a token is the same in all. */
const secrets = new Set<string>()
const lines: string[] = []
const seen = { given: new Set<string>(), taken: new Set<string>() }
let server: TestServer
let pools: SharedPools
beforeAll(async () => {
  server = await startTestServer({
    env: { LOG_LEVEL: 'trace' },
    logTo: { write: (line) => void lines.push(line) },
  })
  pools = makeSharedPools(server)
  keep(server.credentials.secretAccessKey)
})
afterAll(() => server?.stop())

function keep(secret: string): void {
  if (secret.length <= 64) {
    if (secret.length >= 16) secrets.add(secret)
    return
  }
  const middle = Math.floor(secret.length / 2)
  secrets.add(secret.slice(middle, middle + 32)).add(secret.slice(-40, -8))
}

/** The secrets of a request. */
function taken({ protocol }: TestedService, body: string): string[] {
  const input = protocol.read(Buffer.from(body)) ?? {}
  const { Logins } = input as { Logins?: unknown }
  // A developer's user is no secret; tokens are longer than any of their names.
  const logins = typeof Logins === 'object' && Logins !== null ? Object.values(Logins) : []
  return [...logins, ...TAKEN.map((member) => input[member])].filter(
    (value): value is string => typeof value === 'string' && value.length > 64,
  )
}

/** What an answer gives of secrets, by the names of their members. */
function given(operation: string, { status, json, text }: Answer): string[] {
  const names = status === 200 ? (GIVEN[operation] ?? []) : []
  const within = { ...json, ...(json['Credentials'] as object | undefined) } as Record<string, unknown>
  return names
    .map((name) => within[name] ?? elementOf(text, name))
    .filter((value): value is string => typeof value === 'string')
}

async function ask(world: World, tree: Tree): Promise<void> {
  const { service, operation } = world
  const body = await world.textOf(tree)
  for (const secret of taken(service, body)) {
    seen.taken.add(operation)
    keep(secret)
  }
  const sign = await world.signer()
  const answer = await call(server, operation, body, { sign, model: service.contract.model })
  const gifts = given(operation, answer)
  if (gifts.length > 0) seen.given.add(operation)
  let rest = `${answer.text} ${JSON.stringify(answer.headers)}`
  for (const gift of gifts) {
    expect(rest.split(gift)).toHaveLength(2)
    rest = rest.replace(gift, '')
    keep(gift)
  }
  // Members with such names are nowhere else.
  if (answer.status === 200) expect(rest).not.toMatch(/<SecretAccessKey>[^<]|<SessionToken>[^<]|"SecretKey":"[^"]/)
  for (const secret of secrets)
    if (rest.includes(secret)) throw new Error(`${operation} ${describeTree(tree)} was answered ${answer.text}`)
  if (answer.status === 200) {
    await service.tidy(server, operation, answer)
    await world.renew()
  }
}

describe.each(rows)('$service.name $operation', ({ service, operation }) => {
  test('gives away what it is meant to, and nothing else', async () => {
    const { contract, protocol } = service
    const world = new World(server, pools, service, operation)
    const sample = (any: fc.Arbitrary<Tree>): Tree[] => fc.sample(any, { numRuns: RUNS, seed: SEED })
    await ask(world, contract.plainInput(operation))
    for (const tree of sample(goodInput(contract, operation))) await ask(world, tree)
    for (const tree of sample(arbitraryInput(contract, protocol.faultsFor, operation))) await ask(world, tree)
    await world.renew()
  })
})

test('secrets were given and taken: otherwise none of this would prove anything', () => {
  // No response of a SAML provider is good for long enough to be sent here.
  const never = ['AssumeRoleWithSAML']
  expect([...seen.given].sort()).toEqual(
    Object.keys(GIVEN)
      .filter((name) => !never.includes(name))
      .sort(),
  )
  expect([...seen.taken].sort()).toEqual(
    expect.arrayContaining(['AssumeRoleWithSAML', 'AssumeRoleWithWebIdentity', 'UnlinkIdentity']),
  )
  expect(secrets.size).toBeGreaterThan(50)
  expect(lines.length).toBeGreaterThan(rows.length * 2 * RUNS)
})

test('the log holds none of all these', () => {
  // Request ids are most of it.
  const log = [...new Set(lines.join('\n').match(/[\w+/=.~-]{8,}/g))].join(' ')
  for (const secret of secrets)
    expect(log.includes(secret), `a secret of ${secret.length} characters is in the log`).toBe(false)
})
