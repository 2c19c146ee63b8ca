// What sinks write to, for tests: the APIs of CloudWatch Logs, Firehose and S3 and a collector of OTLP, as answers of a stand-in
// (push-services.ts). Each refuses what the real one would: wrong signatures, too many or too large records, a wrong order.
import { createHash } from 'node:crypto'
import { existsSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseSignedRequest, verifySignature } from '../src/sigv4/verify.ts'
import type { Answer, Received } from './push-services.ts'

export const keys = { accessKeyId: 'AKIASINKS', secretAccessKey: 'a-secret-of-sinks' }
export const REGION = 'eu-west-1'

/** Why the signature of a request is none of `keys`; undefined when it is good. */
function signatureProblem({ method, path, headers, body }: Received, service: string): string | undefined {
  const [rawPath = '', rawQuery = ''] = path.split('?')
  const request = {
    method,
    rawPath,
    rawQuery,
    headers: Object.entries(headers).map(([name, value]) => [name, String(value)] as const),
    bodySha256Hex: createHash('sha256').update(body).digest('hex'),
  }
  const parsed = parseSignedRequest(request)
  if (parsed.kind !== 'header') return 'no signature in the headers'
  if (parsed.accessKeyId !== keys.accessKeyId) return 'an unknown key'
  const { secretAccessKey } = keys
  // The tests' clocks may be anywhere: the date is the request's own.
  const now = Date.parse(
    String(headers['x-amz-date']).replace(/(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z/, '$1-$2-$3T$4:$5:$6Z'),
  )
  const expected = { expectedService: service, expectedRegions: [REGION], skewSeconds: 300 }
  return verifySignature({ request, parsed, secretAccessKey, now, ...expected })?.message
}

const json = (status: number, body: object = {}): Answer => ({ status, body: JSON.stringify(body) })
const refusal = (__type: string, message = ''): Answer => json(400, { __type, message })

interface LogEvent {
  timestamp: number
  message: string
}

/** A CloudWatch Logs API with log groups that are there from the beginning. `now`: epoch milliseconds. */
export function cloudWatchLogs(now: () => number, ...groups: string[]) {
  const streams = new Map<string, LogEvent[]>()
  const operations: string[] = []
  /** Why requests broke a rule of the API. */
  const refused: string[] = []
  function answer(request: Received): Answer {
    const problem = signatureProblem(request, 'logs')
    if (problem !== undefined) return refusal('InvalidSignatureException', problem)
    const input = JSON.parse(String(request.body))
    const operation = String(request.headers['x-amz-target']).replace('Logs_20140328.', '')
    operations.push(operation)
    if (!groups.includes(input.logGroupName)) return refusal('ResourceNotFoundException', 'no such log group')
    const name = `${input.logGroupName} ${input.logStreamName}`
    if (operation === 'CreateLogStream') {
      if (streams.has(name)) return refusal('ResourceAlreadyExistsException')
      streams.set(name, [])
      return json(200)
    }
    const stream = streams.get(name)
    if (!stream) return refusal('ResourceNotFoundException', 'no such log stream')
    const events: LogEvent[] = input.logEvents
    const problems = putProblem(events)
    if (problems !== undefined) {
      refused.push(problems)
      return refusal('InvalidParameterException', problems)
    }
    const tooOld = events.filter(({ timestamp }) => timestamp < now() - 14 * 86_400_000).length
    const fresh = events.filter(({ timestamp }) => timestamp <= now() + 2 * 3_600_000).length
    stream.push(...events.slice(tooOld, fresh))
    const info = {
      ...(tooOld > 0 && { tooOldLogEventEndIndex: tooOld }),
      ...(fresh < events.length && { tooNewLogEventStartIndex: fresh }),
    }
    return json(200, Object.keys(info).length > 0 ? { rejectedLogEventsInfo: info } : {})
  }
  return {
    answer,
    streams,
    operations,
    refused,
    messages: () => [...streams.values()].flat().map(({ message }) => message),
  }
}

function putProblem(events: readonly LogEvent[]): string | undefined {
  if (events.length < 1 || events.length > 10_000) return 'too many events'
  const bytes = events.reduce((sum, { message }) => sum + Buffer.byteLength(message) + 26, 0)
  if (bytes > 1_048_576) return 'too many bytes'
  const times = events.map(({ timestamp }) => timestamp)
  if (times.some((time, index) => time < (times[index - 1] ?? 0))) return 'not in order'
  return (times.at(-1) ?? 0) - (times[0] ?? 0) >= 86_400_000 ? 'more than a day' : undefined
}

/** A Firehose API; `refuse` says which records it does not take. */
export function firehoseApi(refuse: (line: string) => boolean = () => false) {
  const lines: string[] = []
  const batches: { stream: string; records: number }[] = []
  function answer(request: Received): Answer {
    const problem = signatureProblem(request, 'firehose')
    if (problem !== undefined) return refusal('InvalidSignatureException', problem)
    const { DeliveryStreamName, Records } = JSON.parse(String(request.body)) as {
      DeliveryStreamName: string
      Records: { Data: string }[]
    }
    const wrong = request.headers['x-amz-target'] !== 'Firehose_20150804.PutRecordBatch'
    if (wrong || Records.length < 1 || Records.length > 500 || request.body.byteLength > 4 * 2 ** 20)
      return refusal('InvalidArgumentException', 'too much')
    batches.push({ stream: DeliveryStreamName, records: Records.length })
    const texts = Records.map(({ Data }) => String(Buffer.from(Data, 'base64')))
    const RequestResponses = texts.map((text) =>
      refuse(text) ? { ErrorCode: 'ServiceUnavailableException', ErrorMessage: 'slow down' } : { RecordId: 'r' },
    )
    lines.push(...texts.filter((text) => !refuse(text)))
    return json(200, { FailedPutCount: texts.filter(refuse).length, RequestResponses })
  }
  return { answer, lines, batches }
}

/** An S3 API with path-style buckets. */
export function s3Api(...buckets: string[]) {
  const objects = new Map<string, string>()
  function answer(request: Received): Answer {
    const { path, headers, body, method } = request
    const problem = signatureProblem(request, 's3')
    if (problem !== undefined) return xml(403, 'SignatureDoesNotMatch')
    if (method !== 'PUT' || headers['x-amz-content-sha256'] !== createHash('sha256').update(body).digest('hex'))
      return xml(400, 'XAmzContentSHA256Mismatch')
    if (!buckets.includes(path.split('/')[1] ?? '')) return xml(404, 'NoSuchBucket')
    objects.set(path, String(body))
    return { status: 200 }
  }
  return { answer, objects }
}

const xml = (status: number, code: string): Answer => ({
  status,
  body: `<?xml version="1.0" encoding="UTF-8"?><Error><Code>${code}</Code><Message>no</Message></Error>`,
})

export const GROUP = 'arn:aws:logs:us-east-1:000000000000:log-group:/pools/logs'
export const BUCKET = 'arn:aws:s3:::logs-of-pools'
export const STREAM = 'arn:aws:firehose:us-east-1:000000000000:deliverystream/activity'

/** A value of SINKS_FILE: a file of places, in a folder of its own. */
export function sinksFile(places: Readonly<Record<string, object>>): string {
  const file = join(mkdtempSync(join(tmpdir(), 'sinks-')), 'sinks.json')
  writeFileSync(file, JSON.stringify(places))
  return file
}

/** The records in a file of JSON lines; none while there is no file. */
export const recordsIn = (file: string): LogRecord[] =>
  existsSync(file)
    ? readFileSync(file, 'utf8')
        .split('\n')
        .filter((line) => line !== '')
        .map((line) => JSON.parse(line) as LogRecord)
    : []

/** A record of user activity, or of a message that was not delivered. */
export interface LogRecord {
  eventTimestamp: string
  eventSource: string
  logLevel: string
  message: Record<string, unknown>
  logSourceId: { userPoolId: string }
}
