// The CloudWatch Logs API (2014-03-28): AWS's, or a stand-in's. The log stream is made when it is not there; the log group is the
// operator's to make, with the retention that is wanted.
import { hostname } from 'node:os'
import type { CloudWatchPlace } from '../../config/sink-places.ts'
import { AwsRefused, callAwsJson } from '../aws-json.ts'
import type { Batch, Leftover, Line, SinkParts, SinkWay } from '../batch.ts'
import { limits } from '../limits.ts'
import { PutFailed } from '../put-failed.ts'

const LOGS = { service: 'logs', target: 'Logs_20140328', name: 'CloudWatch Logs' }
/** Of an event beside its message, as PutLogEvents counts. */
const OVERHEAD = 26

export const cloudwatch: SinkWay<CloudWatchPlace> = {
  records: limits.cloudWatchRecords.max,
  bytes: limits.cloudWatchBytes.max,
  sizeOf: (bytes) => bytes + OVERHEAD,
  wait: 0,
  async put(parts, place, batch) {
    const into = { logGroupName: place.group ?? groupIn(batch), logStreamName: place.stream ?? STREAM }
    // The order is a rule of the API; records of one millisecond stay as they are.
    const sorted = [...batch.lines].sort((one, other) => one.at - other.at)
    const end = (sorted[0]?.at ?? 0) + limits.cloudWatchSpan.max
    const fitting = sorted.filter(({ at }) => at < end)
    const answer = await putEvents(parts, place, into, fitting)
    const refused = refusedIn(answer, fitting.length)
    const again = sorted.slice(fitting.length)
    return refused > 0 || again.length > 0 ? leftover(refused, again) : undefined
  },
}

const leftover = (refused: number, again: readonly Line[]): Leftover => ({
  refused,
  again,
  reason: refused > 0 ? 'CloudWatch Logs: too old or too new' : 'more than a day in one batch',
})

/** What a stream is called that the place does not name: one of each machine. */
const STREAM = `cognomen/${hostname().replace(/[:*]/g, '-').slice(0, 500)}`

/** arn:aws:logs:REGION:ACCOUNT:log-group:NAME, perhaps with `:*` or `:log-stream:…` */
function groupIn({ name }: Batch): string {
  const group = /^arn:[^:]+:logs:[^:]*:[^:]*:log-group:([^:*]+)/.exec(name)?.[1]
  if (group === undefined)
    throw new PutFailed('its name is not the ARN of a log group, and SINKS_FILE has no group', 'place')
  return group
}

type Into = { logGroupName: string; logStreamName: string }

async function putEvents(parts: SinkParts, place: CloudWatchPlace, into: Into, lines: readonly Line[]) {
  const logEvents = lines.map(({ at, text }) => ({ timestamp: Math.trunc(at), message: text }))
  const put = () => callAwsJson(parts, LOGS, place, 'PutLogEvents', { ...into, logEvents })
  try {
    return await put()
  } catch (error) {
    // An answer got lost: the events are there.
    if (isCode(error, 'DataAlreadyAcceptedException')) return {}
    if (!isCode(error, 'ResourceNotFoundException')) throw error
  }
  try {
    await callAwsJson(parts, LOGS, place, 'CreateLogStream', into)
  } catch (error) {
    if (!isCode(error, 'ResourceAlreadyExistsException')) throw error
  }
  return put()
}

const isCode = (error: unknown, code: string): boolean => error instanceof AwsRefused && error.code === code

/** How many of `count` events in order the API did not take: the oldest up to an index (exclusive), the newest from one on. */
function refusedIn({ rejectedLogEventsInfo }: Readonly<Record<string, unknown>>, count: number): number {
  const info = Object(rejectedLogEventsInfo) as Readonly<Record<string, unknown>>
  const index = (name: string, absent: number): number =>
    Number.isInteger(info[name]) ? Math.min(Math.max(info[name] as number, 0), count) : absent
  const old = Math.max(index('tooOldLogEventEndIndex', 0), index('expiredLogEventEndIndex', 0))
  return Math.min(count, old + count - index('tooNewLogEventStartIndex', count))
}
