// What this process counts for /metrics (docs/metrics.md). Labels come from this server's own tables (operations, endpoints,
// names of errors and events) and from pools that exist: no client can make one, nor a user or an address become one. The
// number of pools is bounded; the text of /metrics is written by metrics-text.ts.
import { createCells } from './cells.ts'
import { limits } from './limits.ts'

export interface CountedRequest {
  /** The id of the pool that it is about, which exists. */
  readonly pool: string | undefined
  /** The service of the AWS API, such as `cognito-idp`; `oauth` for endpoints of user pools, `gate`. */
  readonly service: string | undefined
  /** The operation, or method and path of the endpoint as its table has them; undefined for one that there is not. */
  readonly operation: string | undefined
  /** `ok`, the name of an error of the API, or the status of a refusal of an endpoint. */
  readonly outcome: string
}

/** `delivered`; `delayed`: it will be tried again; `given-up`. */
export type DeliveryOutcome = 'delivered' | 'delayed' | 'given-up'

export interface Metrics {
  /** An answered request. `seconds`: how long it took. */
  request(of: CountedRequest, seconds: number): void
  /** An event of events.ts. `pool`: the id of a pool that exists. */
  event(event: string, pool: string | undefined): void
  /** An attempt to deliver a message by a medium (a delivery queue of messages/). */
  message(medium: string, outcome: DeliveryOutcome): void
  /** What was counted since the start. */
  families(): readonly Family[]
}

/** A metric and its values, in the form of prom-client. */
export interface Family {
  readonly name: string
  readonly help: string
  readonly type: 'counter' | 'gauge' | 'histogram'
  readonly values: readonly Value[]
}

export interface Value {
  /** Of a part of a histogram, such as `…_bucket`. */
  readonly metricName?: string
  readonly labels: Readonly<Record<string, string | number>>
  readonly value: number
}

/** Upper bounds in seconds: from what a read takes to what makes people go away. */
const BUCKETS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5] as const

interface Durations {
  /** How many were within each bucket and above the one before; the last is of those above all. */
  readonly counts: number[]
  sum: number
}

/** Stands for no pool, and for no known service or operation. */
const NONE = 'none'
const UNKNOWN = 'unknown'
const OTHER = 'other'

const newCount = () => ({ value: 0 })
const newDurations = (): Durations => ({ counts: new Array<number>(BUCKETS.length + 1).fill(0), sum: 0 })

/** Counts nothing yet. */
export function createMetrics(): Metrics {
  const requests = createCells(['pool', 'service', 'operation', 'outcome'], newCount)
  const durations = createCells(['service', 'operation'], newDurations)
  const events = createCells(['event', 'pool'], newCount)
  const messages = createCells(['medium', 'outcome'], newCount)
  const pools = new Set<string>()

  function poolLabel(pool: string | undefined): string {
    if (pool === undefined) return NONE
    if (pools.has(pool)) return pool
    if (pools.size >= limits.pools.max) return OTHER
    pools.add(pool)
    return pool
  }

  return {
    request({ pool, service = UNKNOWN, operation = UNKNOWN, outcome }, seconds) {
      requests.at(poolLabel(pool), service, operation, outcome).value++
      const taken = durations.at(service, operation)
      let bucket = 0
      while (bucket < BUCKETS.length && seconds > (BUCKETS[bucket] as number)) bucket++
      ;(taken.counts[bucket] as number)++
      taken.sum += seconds
    },
    event: (event, pool) => void events.at(event, poolLabel(pool)).value++,
    message: (medium, outcome) => void messages.at(medium, outcome).value++,
    families: () => [
      counter('cognomen_requests_total', 'Answered requests, by pool, operation and outcome.', requests.all()),
      {
        name: DURATION,
        help: 'Seconds from the beginning of a request to its answer, by operation.',
        type: 'histogram',
        values: durations.all().flatMap(({ labels, cell }) => histogramValues(labels, cell)),
      },
      counter('cognomen_events_total', 'What happened to users and identities: the events of the log.', events.all()),
      counter('cognomen_message_attempts_total', 'Attempts to deliver e-mail and SMS, by outcome.', messages.all()),
    ],
  }
}

const DURATION = 'cognomen_request_duration_seconds'

type Counted<Cell> = readonly { readonly labels: Value['labels']; readonly cell: Cell }[]

const counter = (name: string, help: string, counted: Counted<{ readonly value: number }>): Family => ({
  name,
  help,
  type: 'counter',
  values: counted.map(({ labels, cell }) => ({ labels, value: cell.value })),
})

/** A histogram's buckets hold all that is within their bound. */
function histogramValues(labels: Value['labels'], { counts, sum }: Durations): Value[] {
  let within = 0
  const buckets = counts.map((count, i) => {
    within += count
    return { metricName: `${DURATION}_bucket`, labels: { ...labels, le: BUCKETS[i] ?? '+Inf' }, value: within }
  })
  return [
    ...buckets,
    { metricName: `${DURATION}_sum`, labels, value: sum },
    { metricName: `${DURATION}_count`, labels, value: within },
  ]
}
