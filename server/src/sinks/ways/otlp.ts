// Logs by OTLP/HTTP as JSON (OpenTelemetry Protocol 1.x, "OTLP/HTTP"): a collector, Loki, or a vendor. A record is a log record
// whose body is its JSON.
import type { OtlpPlace } from '../../config/sink-places.ts'
import { bodyOf, type Line, type SinkWay } from '../batch.ts'
import { isOk, membersOf, post, statusRefuses } from '../post.ts'
import { PutFailed } from '../put-failed.ts'
import { inLines } from './sizes.ts'

/** Of a log record beside its body, about. */
const OVERHEAD = 300

export const otlp: SinkWay<OtlpPlace> = {
  ...inLines,
  sizeOf: (bytes) => bytes + OVERHEAD,
  async put({ closed, clock }, { url, headers }, { name, lines }) {
    const observed = clock.now()
    const body = JSON.stringify({
      resourceLogs: [
        {
          resource: { attributes: [attribute('service.name', 'cognomen'), attribute('cognomen.sink', name)] },
          scopeLogs: [{ scope: { name: 'cognomen' }, logRecords: lines.map((line) => logRecord(line, observed)) }],
        },
      ],
    })
    const { status, text } = await post(url, { ...headers, 'content-type': 'application/json' }, body, closed)
    if (!isOk(status)) throw new PutFailed(`OTLP HTTP ${status}`, statusRefuses(status))
    const { rejectedLogRecords = 0 } = Object(membersOf(text)['partialSuccess']) as Record<string, unknown>
    // A 64-bit number is a text in JSON of Protocol Buffers. What was rejected must not be sent again.
    const rejected = Math.min(Number(rejectedLogRecords) || 0, lines.length)
    return rejected > 0 ? { refused: rejected, reason: 'OTLP partial success' } : undefined
  },
}

const attribute = (key: string, stringValue: string) => ({ key, value: { stringValue } })

/** Numbers of the data model of logs, "SeverityNumber". */
const SEVERITIES: Readonly<Record<string, number>> = { INFO: 9, WARN: 13, ERROR: 17 }

function logRecord(line: Line, observed: number) {
  const { logLevel } = bodyOf(line)
  const level = typeof logLevel === 'string' && logLevel in SEVERITIES ? logLevel : 'INFO'
  return {
    timeUnixNano: nanoseconds(line.at),
    observedTimeUnixNano: nanoseconds(observed),
    severityNumber: SEVERITIES[level],
    severityText: level,
    body: { stringValue: line.text },
  }
}

const nanoseconds = (ms: number): string => `${Math.trunc(ms)}000000`
