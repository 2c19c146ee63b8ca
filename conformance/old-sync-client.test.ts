// What apps of the Cognito Sync Manager for JavaScript do, with the AWS SDK for JavaScript v2 as it is, in Node.js and in a
// real browser on a page of another origin: put, synchronize, conflict, delete, make again, merge at a sign-in.
import { createReadStream } from 'node:fs'
import { createServer, type Server } from 'node:http'
import { createRequire } from 'node:module'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import {
  CognitoIdentityClient,
  CreateIdentityPoolCommand,
  SetIdentityPoolRolesCommand,
} from '@aws-sdk/client-cognito-identity'
import {
  AdminCreateUserCommand,
  AdminSetUserPasswordCommand,
  InitiateAuthCommand,
} from '@aws-sdk/client-cognito-identity-provider'
import { CreateRoleCommand, IAMClient, PutRolePolicyCommand } from '@aws-sdk/client-iam'
import type { Browser, JSHandle } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openBrowser } from '../server/test/browser.ts'
import { type DeviceSettings, type OldDevice, oldSyncDevice } from './old-sync-device.ts'
import { engines, type StartedServer, startServer } from './start-server.ts'
import { adminClient, makePool, type PoolAndClient } from './user-pool.ts'

const PASSWORD = 'First.Passw0rd'
const require = createRequire(import.meta.url)
const sdkBundle = join(require.resolve('aws-sdk/package.json'), '../dist/aws-sdk.min.js')

/** A device wherever it runs: every method answers later. */
type Device = {
  [Name in keyof OldDevice]: (...args: Parameters<OldDevice[Name]>) => Promise<Awaited<ReturnType<OldDevice[Name]>>>
}
const METHODS: readonly (keyof OldDevice)[] = [
  'signIn',
  'put',
  'remove',
  'deleteDataset',
  'all',
  'synchronize',
  'datasets',
]

let pages: Server
let browser: Browser
let address: string
const suppressed = 'AWS_SDK_JS_SUPPRESS_MAINTENANCE_MODE_MESSAGE'
const before = process.env[suppressed]

beforeAll(async () => {
  process.env[suppressed] = '1'
  pages = createServer((request, response) => {
    if (request.url === '/aws-sdk.js')
      createReadStream(sdkBundle).pipe(response.setHeader('content-type', 'text/javascript'))
    else
      response
        .setHeader('content-type', 'text/html')
        .end('<!doctype html><meta charset="utf-8"><title>App</title><script src="aws-sdk.js"></script>')
  })
  await new Promise<void>((done) => pages.listen(0, '127.0.0.1', done))
  browser = await openBrowser()
  address = `http://127.0.0.1:${(pages.address() as AddressInfo).port}/`
})
afterAll(async () => {
  if (before === undefined) delete process.env[suppressed]
  else process.env[suppressed] = before
  await browser?.close()
  pages?.close()
})

const inNode = async (settings: DeviceSettings): Promise<Device> => {
  const { default: AWS } = await import('aws-sdk')
  const device = oldSyncDevice(AWS, settings)
  return deviceBy(async (name, args) => (device[name] as (...given: unknown[]) => unknown)(...args))
}

/** With a profile of its own, as the SDK keeps the identity in localStorage. */
const inBrowser = async (settings: DeviceSettings): Promise<Device> => {
  const page = await (await browser.newContext()).newPage()
  await page.goto(address)
  const handle = (await page.evaluateHandle(
    ({ source, settings }) => {
      // The text of this project's own function, for a page that has no modules.
      const make = new Function(`return (${source})`)()
      return make((globalThis as never as { AWS: unknown }).AWS, settings)
    },
    { source: oldSyncDevice.toString(), settings },
  )) as never as JSHandle<OldDevice>
  return deviceBy((name, args) =>
    handle.evaluate((device, { name, args }) => (device[name] as (...given: unknown[]) => unknown)(...args), {
      name,
      args,
    }),
  )
}

function deviceBy(call: (name: keyof OldDevice, args: unknown[]) => Promise<unknown>): Device {
  return Object.fromEntries(METHODS.map((name) => [name, (...args: unknown[]) => call(name, args)])) as Device
}

describe.each(engines)('on %s', (engine) => {
  let server: StartedServer
  let users: PoolAndClient
  let poolId: string

  beforeAll(async () => {
    server = await startServer({ engine })
    const admin = adminClient(server)
    users = await makePool(admin)
    for (const Username of ['ada-node', 'ada-browser']) {
      await admin.send(new AdminCreateUserCommand({ UserPoolId: users.poolId, Username, MessageAction: 'SUPPRESS' }))
      await admin.send(
        new AdminSetUserPasswordCommand({ UserPoolId: users.poolId, Username, Password: PASSWORD, Permanent: true }),
      )
    }
    admin.destroy()
    poolId = await makeIdentityPool(server, users)
  })
  afterAll(() => server?.stop())

  async function loginsOf(Username: string): Promise<Record<string, string>> {
    const app = adminClient(server, { credentials: undefined })
    const { AuthenticationResult } = await app.send(
      new InitiateAuthCommand({
        ClientId: users.clientId,
        AuthFlow: 'USER_PASSWORD_AUTH',
        AuthParameters: { USERNAME: Username, PASSWORD },
      }),
    )
    app.destroy()
    const provider = `cognito-idp.${server.region}.amazonaws.com/${users.poolId}`
    return { [provider]: AuthenticationResult?.IdToken as string }
  }

  describe.each([
    ['node', inNode],
    ['browser', inBrowser],
  ] as const)('in %s', (where, make) => {
    const newDevice = () => make({ endpoint: server.url, region: server.region, poolId })
    /** Two devices of one user who has nothing yet. */
    const twoDevices = async (): Promise<[Device, Device]> => {
      const devices: [Device, Device] = [await newDevice(), await newDevice()]
      const logins = await loginsOf(`ada-${where}`)
      for (const device of devices) await device.signIn(logins)
      return devices
    }
    const done = (retries: number, ...asked: string[]) => ({ asked, retries, failure: undefined })

    test('what one device puts is on the other, and a removed key goes from both', async () => {
      const [one, two] = await twoDevices()
      await one.put('prefs', 'theme', 'dark')
      await one.put('prefs', 'größe', 'ä')
      expect(await one.synchronize('prefs')).toEqual(done(0))
      expect(await two.synchronize('prefs')).toEqual(done(1))
      expect(await two.all('prefs')).toEqual({ theme: 'dark', größe: 'ä' })
      expect(await two.synchronize('prefs')).toEqual(done(0))
      await two.remove('prefs', 'theme')
      expect(await two.synchronize('prefs')).toEqual(done(0))
      expect(await one.synchronize('prefs')).toEqual(done(1))
      expect(await one.all('prefs')).toEqual({ größe: 'ä' })
      expect(await one.datasets()).toEqual([['prefs', 1, 9]])
    })

    test('a conflict is asked about and goes as the app says', async () => {
      const [one, two] = await twoDevices()
      await one.put('conflicts', 'a', 'one')
      await one.put('conflicts', 'b', 'one')
      await one.synchronize('conflicts')
      await two.synchronize('conflicts')
      await one.put('conflicts', 'a', 'other')
      await one.synchronize('conflicts')
      await two.put('conflicts', 'a', 'two')
      expect(await two.synchronize('conflicts')).toMatchObject({
        asked: ['conflict a'],
        failure: 'Sync cancelled. Conflict callback returned false.',
      })
      expect(await two.synchronize('conflicts', { conflict: 'local' })).toEqual(done(1, 'conflict a'))
      expect(await two.all('conflicts')).toEqual({ a: 'two', b: 'one' })
      await one.put('conflicts', 'a', 'three')
      expect(await one.synchronize('conflicts', { conflict: 'remote' })).toEqual(done(2, 'conflict a'))
      expect(await one.all('conflicts')).toEqual({ a: 'two', b: 'one' })
    })

    test('a deleted dataset goes from the other device, also when it was made again meanwhile', async () => {
      const [one, two] = await twoDevices()
      await one.put('gone', 'k', 'v')
      await one.synchronize('gone')
      await two.synchronize('gone')
      await one.deleteDataset('gone')
      expect(await one.synchronize('gone')).toEqual(done(0))
      expect(await two.synchronize('gone')).toMatchObject({
        asked: ['deleted gone'],
        failure: 'Cancelled due to .onDatasetDeleted result.',
      })
      expect(await two.synchronize('gone', { deleted: true })).toEqual(done(1, 'deleted gone'))
      expect(await two.all('gone')).toEqual({})
      await two.put('gone', 'k', 'first')
      await two.synchronize('gone')
      await two.deleteDataset('gone')
      await two.synchronize('gone')
      await two.put('gone', 'other', 'again')
      expect(await two.synchronize('gone')).toEqual(done(0))
      await one.put('gone', 'mine', 'v')
      expect(await one.synchronize('gone')).toEqual(done(1))
      expect(await one.all('gone')).toEqual({ other: 'again', mine: 'v' })
    })

    test('what a guest has comes along when the guest signs in as a user who has data', async () => {
      const [user] = await twoDevices()
      await user.put('merging', 'a', 'of the user')
      await user.synchronize('merging')
      const guest = await newDevice()
      const guestId = await guest.signIn()
      await guest.put('merging', 'a', 'of the guest')
      await guest.put('merging', 'b', 'of the guest')
      await guest.put(`guest-${where}`, 'c', 'of the guest')
      expect(await guest.synchronize('merging')).toEqual(done(0))
      expect(await guest.synchronize(`guest-${where}`)).toEqual(done(0))

      const userId = await guest.signIn(await loginsOf(`ada-${where}`))
      expect(userId).not.toBe(guestId)
      expect(await user.synchronize('merging')).toMatchObject({
        asked: [`merged merging.${guestId}`],
        failure: 'Cancelled due to .onDatasetsMerged result.',
      })
      const merged = await user.synchronize('merging', { merged: true })
      expect(merged).toMatchObject({ asked: [`merged merging.${guestId}`], failure: undefined })
      expect(await user.all('merging')).toEqual({ a: 'of the user', b: 'of the guest' })
      await user.synchronize(`guest-${where}`)
      expect(await user.all(`guest-${where}`)).toEqual({ c: 'of the guest' })
      expect((await user.datasets()).map(([name]) => name)).not.toContain(`merging.${guestId}`)
    })
  })
})

/** A pool of guests and of the users of a user pool, who may do everything. */
async function makeIdentityPool(server: StartedServer, users: PoolAndClient): Promise<string> {
  const settings = { endpoint: server.url, region: server.region, credentials: server.credentials }
  const [pools, iam] = [new CognitoIdentityClient(settings), new IAMClient(settings)]
  const { IdentityPoolId } = await pools.send(
    new CreateIdentityPoolCommand({
      IdentityPoolName: 'sync',
      AllowUnauthenticatedIdentities: true,
      CognitoIdentityProviders: [
        {
          ProviderName: `cognito-idp.${server.region}.amazonaws.com/${users.poolId}`,
          ClientId: users.clientId,
        },
      ],
    }),
  )
  const document = (statement: object) =>
    JSON.stringify({ Version: '2012-10-17', Statement: [{ Effect: 'Allow', ...statement }] })
  const { Role } = await iam.send(
    new CreateRoleCommand({
      RoleName: 'app',
      AssumeRolePolicyDocument: document({
        Principal: { Federated: 'cognito-identity.amazonaws.com' },
        Action: 'sts:AssumeRoleWithWebIdentity',
        Condition: { StringEquals: { 'cognito-identity.amazonaws.com:aud': IdentityPoolId } },
      }),
    }),
  )
  await iam.send(
    new PutRolePolicyCommand({
      RoleName: 'app',
      PolicyName: 'sync',
      PolicyDocument: document({ Action: 'cognito-sync:*', Resource: '*' }),
    }),
  )
  const Arn = Role?.Arn as string
  await pools.send(
    new SetIdentityPoolRolesCommand({ IdentityPoolId, Roles: { authenticated: Arn, unauthenticated: Arn } }),
  )
  pools.destroy()
  iam.destroy()
  return IdentityPoolId as string
}
