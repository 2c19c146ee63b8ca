// Which logs of a user pool go where, and which configurations are refused. Pure. docs/reference/user-pools.md 18.7.
import type { EventSourceName, LogConfigurationType, LogLevel } from '../../contract/cognito-idp.types.ts'
import { firstRefusal, invalid, type Refusal } from '../../refusal-rules.ts'
import type { UserPoolSettings } from '../user-pools/pool-settings.ts'

type Destination = 'CloudWatchLogsConfiguration' | 'S3Configuration' | 'FirehoseConfiguration'

/** Each source has one level, and places that it may go to. */
const sources: Readonly<Record<EventSourceName, { level: LogLevel; into: readonly Destination[] }>> = {
  userNotification: { level: 'ERROR', into: ['CloudWatchLogsConfiguration'] },
  userAuthEvents: {
    level: 'INFO',
    into: ['CloudWatchLogsConfiguration', 'S3Configuration', 'FirehoseConfiguration'],
  },
}

/** The form of each ARN. */
const forms: Readonly<Record<Destination, { what: string; form: RegExp }>> = {
  CloudWatchLogsConfiguration: {
    what: 'a log group, such as arn:aws:logs:us-east-1:000000000000:log-group:pools',
    form: /^arn:aws[\w-]*:logs:[a-z0-9-]+:\d{12}:log-group:[\w./#=,@+-]{1,512}$/,
  },
  S3Configuration: {
    what: 'a bucket, such as arn:aws:s3:::pools',
    form: /^arn:aws[\w-]*:s3:::[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/,
  },
  FirehoseConfiguration: {
    what: 'a delivery stream, such as arn:aws:firehose:us-east-1:000000000000:deliverystream/pools',
    form: /^arn:aws[\w-]*:firehose:[a-z0-9-]+:\d{12}:deliverystream\/[\w.-]{1,64}$/,
  },
}

/** The ARNs in a configuration; undefined for a destination that names none. */
const arnsIn = (configuration: LogConfigurationType): [Destination, string | undefined][] => {
  const { CloudWatchLogsConfiguration: logs, S3Configuration: s3, FirehoseConfiguration: firehose } = configuration
  const all: [Destination, { arn: string | undefined } | undefined][] = [
    ['CloudWatchLogsConfiguration', logs && { arn: logs.LogGroupArn }],
    ['S3Configuration', s3 && { arn: s3.BucketArn }],
    ['FirehoseConfiguration', firehose && { arn: firehose.StreamArn }],
  ]
  return all.flatMap(([name, given]) => (given ? [[name, given.arn] as [Destination, string | undefined]] : []))
}

/** Why SetLogDeliveryConfiguration refuses a list; undefined when it does not. The service's texts are not known. */
export const logConfigurationsRefusal = (list: readonly LogConfigurationType[]): Refusal | undefined =>
  firstRefusal([
    ...list.map((one) => () => configurationRefusal(one)),
    () =>
      new Set(list.map(({ EventSource }) => EventSource)).size < list.length
        ? invalid('Each EventSource can have one log configuration only.')
        : undefined,
  ])

function configurationRefusal(configuration: LogConfigurationType): Refusal | undefined {
  const { EventSource, LogLevel } = configuration
  const { level, into } = sources[EventSource]
  if (LogLevel !== level) return invalid(`LogLevel of ${EventSource} must be ${level}.`)
  const arns = arnsIn(configuration)
  const [first] = arns
  if (!first || arns.length > 1) return invalid(`${EventSource} must have exactly one of ${into.join(', ')}.`)
  const [destination, arn] = first
  if (!into.includes(destination)) return invalid(`${EventSource} cannot have ${destination}.`)
  const { what, form } = forms[destination]
  return arn !== undefined && form.test(arn) ? undefined : invalid(`${destination} must have the ARN of ${what}.`)
}

/** Whether a pool exports what threat protection sees, which the Plus tier alone does. */
export const exportsActivity = (settings: UserPoolSettings): boolean => sinkOf(settings, 'userAuthEvents') !== undefined

/** The ARN that the logs of a source go to; undefined when they go nowhere. */
export function sinkOf({ LogConfigurations }: UserPoolSettings, source: EventSourceName): string | undefined {
  const configuration = LogConfigurations?.find(({ EventSource }) => EventSource === source)
  return configuration && arnsIn(configuration)[0]?.[1]
}

/** All ARNs that logs of a pool go to. */
export const sinksOf = ({ LogConfigurations = [] }: UserPoolSettings): string[] =>
  LogConfigurations.flatMap(arnsIn).flatMap(([, arn]) => arn ?? [])
