import {
  DescribeUserPoolCommand,
  GetLogDeliveryConfigurationCommand,
  type LogConfigurationType,
  SetLogDeliveryConfigurationCommand,
  UpdateUserPoolCommand,
} from '@aws-sdk/client-cognito-identity-provider'
import { beforeEach, describe, expect, it } from 'vitest'
import { engines, expectRefusal, makePool, useTestServer } from '../../../test/harness.ts'
import { BUCKET, GROUP, STREAM, sinksFile } from '../../../test/sink-services.ts'

const ERRORS = {
  EventSource: 'userNotification',
  LogLevel: 'ERROR',
  CloudWatchLogsConfiguration: { LogGroupArn: GROUP },
} as const satisfies LogConfigurationType
const ACTIVITY = { EventSource: 'userAuthEvents', LogLevel: 'INFO' } as const
const intoStream = { ...ACTIVITY, FirehoseConfiguration: { StreamArn: STREAM } }

describe.each(engines)('SetLogDeliveryConfiguration (%s)', (engine) => {
  const lines: string[] = []
  const server = useTestServer({
    engine,
    env: { LOG_LEVEL: 'warn', SINKS_FILE: sinksFile({ [GROUP]: { stdout: true } }) },
    logTo: { write: (line) => void lines.push(line) },
  })
  let UserPoolId: string
  beforeEach(async () => {
    UserPoolId = (await makePool(server, { UserPoolTier: 'PLUS' })).Id
    lines.length = 0
  })
  const set = (LogConfigurations: LogConfigurationType[], id = UserPoolId) =>
    server.admin.send(new SetLogDeliveryConfigurationCommand({ UserPoolId: id, LogConfigurations }))
  const get = async (id = UserPoolId) =>
    (await server.admin.send(new GetLogDeliveryConfigurationCommand({ UserPoolId: id }))).LogDeliveryConfiguration

  it('replaces the list and answers with it; an empty list ends the delivery', async () => {
    const both = { UserPoolId, LogConfigurations: [ERRORS, intoStream] }
    expect((await set([ERRORS, intoStream])).LogDeliveryConfiguration).toEqual(both)
    expect(await get()).toEqual(both)
    const intoBucket = { ...ACTIVITY, S3Configuration: { BucketArn: BUCKET } }
    await set([intoBucket])
    expect(await get()).toEqual({ UserPoolId, LogConfigurations: [intoBucket] })
    await set([])
    expect(await get()).toEqual({ UserPoolId, LogConfigurations: [] })
  })

  it('is kept when the pool is updated, and shown by no other operation', async () => {
    await set([ERRORS])
    await server.admin.send(new UpdateUserPoolCommand({ UserPoolId, UserPoolTier: 'PLUS' }))
    expect(await get()).toEqual({ UserPoolId, LogConfigurations: [ERRORS] })
    const { UserPool } = await server.admin.send(new DescribeUserPoolCommand({ UserPoolId }))
    expect(JSON.stringify(UserPool)).not.toContain(GROUP)
  })

  it.each<[string, LogConfigurationType[], string]>([
    ['a level of another source', [{ ...ERRORS, LogLevel: 'INFO' }], 'LogLevel of userNotification must be ERROR.'],
    [
      'no destination',
      [ACTIVITY],
      'userAuthEvents must have exactly one of CloudWatchLogsConfiguration, S3Configuration, FirehoseConfiguration.',
    ],
    [
      'two destinations',
      [{ ...intoStream, S3Configuration: { BucketArn: BUCKET } }],
      'userAuthEvents must have exactly one of CloudWatchLogsConfiguration, S3Configuration, FirehoseConfiguration.',
    ],
    [
      'errors that go elsewhere than to a log group',
      [{ EventSource: 'userNotification', LogLevel: 'ERROR', S3Configuration: { BucketArn: BUCKET } }],
      'userNotification cannot have S3Configuration.',
    ],
    ['a source twice', [ERRORS, ERRORS], 'Each EventSource can have one log configuration only.'],
    [
      'a destination without ARN',
      [{ ...ACTIVITY, FirehoseConfiguration: {} }],
      'FirehoseConfiguration must have the ARN of a delivery stream, such as arn:aws:firehose:us-east-1:000000000000:deliverystream/pools.',
    ],
    [
      'the ARN of something else',
      [{ ...ACTIVITY, CloudWatchLogsConfiguration: { LogGroupArn: STREAM } }],
      'CloudWatchLogsConfiguration must have the ARN of a log group, such as arn:aws:logs:us-east-1:000000000000:log-group:pools.',
    ],
    [
      'the ARN of an object in a bucket',
      [{ ...ACTIVITY, S3Configuration: { BucketArn: `${BUCKET}/logs` } }],
      'S3Configuration must have the ARN of a bucket, such as arn:aws:s3:::pools.',
    ],
  ])('InvalidParameterException for %s', async (_, list, text) => {
    await expectRefusal(set(list), 'InvalidParameterException', text)
    expect((await get())?.LogConfigurations).toEqual([])
  })

  it('InvalidParameterException for more than two, and for an ARN with a pattern', async () => {
    await expectRefusal(set([ERRORS, intoStream, ERRORS]), 'InvalidParameterException')
    const pattern = { ...ERRORS, CloudWatchLogsConfiguration: { LogGroupArn: `${GROUP}:*` } }
    await expectRefusal(set([pattern]), 'InvalidParameterException')
  })

  it('needs the Plus tier for user activity, which the pool then has to keep', async () => {
    const { Id } = await makePool(server, { UserPoolTier: 'ESSENTIALS' })
    const text =
      'The following features need to be disabled for the ESSENTIALS pricing tier configured: User Activity Log Export'
    await expectRefusal(set([intoStream], Id), 'FeatureUnavailableInTierException', text)
    await set([ERRORS], Id)
    await set([intoStream])
    const lower = server.admin.send(new UpdateUserPoolCommand({ UserPoolId, UserPoolTier: 'ESSENTIALS' }))
    await expectRefusal(lower, 'TierChangeNotAllowedException', text)
  })

  it('the log says once that SINKS_FILE does not name an ARN', async () => {
    await set([ERRORS])
    expect(lines).toEqual([])
    await set([ERRORS, intoStream])
    await set([intoStream])
    const settings = ['LogConfigurations (SINKS_FILE names no place for an ARN)']
    expect(lines.map((line) => JSON.parse(line))).toEqual([expect.objectContaining({ pool: UserPoolId, settings })])
  })

  it('of concurrent calls none is lost halfway', async () => {
    const lists = [[ERRORS], [intoStream], [ERRORS, intoStream], []]
    await Promise.all(lists.map((list) => set(list)))
    expect(lists).toContainEqual((await get())?.LogConfigurations)
  })

  it('ResourceNotFoundException for a pool that does not exist', () =>
    expectRefusal(set([ERRORS], 'us-east-1_nothere12'), 'ResourceNotFoundException'))

  it('refuses an unsigned call', async () => {
    const { json } = await server.raw('SetLogDeliveryConfiguration', { UserPoolId, LogConfigurations: [ERRORS] })
    expect(json.__type).toBe('MissingAuthenticationTokenException')
  })
})
