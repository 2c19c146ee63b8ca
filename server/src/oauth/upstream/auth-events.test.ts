// Threat protection keeps the sign-ins of users who come from identity providers, with where they came from.
import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  AdminDisableUserCommand,
  AdminListUserAuthEventsCommand,
  SetLogDeliveryConfigurationCommand,
} from '@aws-sdk/client-cognito-identity-provider'
import { expect, it } from 'vitest'
import { makeFederatedApp, ownProvider } from '../../../test/federated-app.ts'
import { useTestServer } from '../../../test/harness.ts'
import { authorizeUrl } from '../../../test/oauth.ts'
import { signInAtProvider, useOpenIdProvider } from '../../../test/openid-providers.ts'
import { Browser } from '../../../test/page-walker.ts'
import { GROUP, recordsIn, sinksFile } from '../../../test/sink-services.ts'
import { AUDIT } from '../../../test/threats.ts'

const file = join(mkdtempSync(join(tmpdir(), 'activity-')), 'activity.jsonl')
const server = useTestServer({ env: { SINKS_FILE: sinksFile({ [GROUP]: { file } }) } })
const upstream = useOpenIdProvider()

it('keeps sign-ins by identity providers, and those that are refused', async () => {
  const app = await makeFederatedApp(server, { providers: [ownProvider(upstream.url)], pool: AUDIT })
  const CloudWatchLogsConfiguration = { LogGroupArn: GROUP }
  await server.admin.send(
    new SetLogDeliveryConfigurationCommand({
      UserPoolId: app.poolId,
      LogConfigurations: [{ EventSource: 'userAuthEvents', LogLevel: 'INFO', CloudWatchLogsConfiguration }],
    }),
  )
  upstream.account = { sub: 'seen', email: 'seen@example.com' }
  const enter = () => signInAtProvider(new Browser(), authorizeUrl(app, { identity_provider: 'Own' }))
  const user = { UserPoolId: app.poolId, Username: 'Own_seen' }
  const events = async () =>
    (await server.admin.send(new AdminListUserAuthEventsCommand(user))).AuthEvents?.map(
      ({ EventType, EventResponse, EventContextData }) => [EventType, EventResponse, EventContextData?.IpAddress],
    )
  await enter()
  expect(await events()).toEqual([['SignIn', 'Pass', '127.0.0.1']])
  await server.admin.send(new AdminDisableUserCommand(user))
  expect((await enter()).searchParams.get('error')).toBe('invalid_request')
  expect(await events()).toEqual([
    ['SignIn', 'Fail', '127.0.0.1'],
    ['SignIn', 'Pass', '127.0.0.1'],
  ])
  await expect.poll(() => recordsIn(file).length, { timeout: 15_000 }).toBe(2)
  expect(
    recordsIn(file).map(({ message }) => [message['idpName'], message['userName'], message['eventResponse']]),
  ).toEqual([
    ['Own', 'Own_seen', 'Pass'],
    ['Own', 'Own_seen', 'Fail'],
  ])
})
