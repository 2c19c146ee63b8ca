// The text of /metrics: what metrics.ts has counted, the state of the database and of the queues at this moment, and what
// prom-client tells of the process. prom-client is loaded, and begins to watch the process, at the first reading: a server
// that nobody watches pays nothing.
import type { Metric, Registry } from 'prom-client'
import type { Context } from '../context.ts'
import { limits as databaseLimits } from '../database/limits.ts'
import { within } from '../database/within.ts'
import { countDueJobs } from '../jobs/job-store.ts'
import { version } from '../version.ts'
import { limits } from './limits.ts'
import type { Family } from './metrics.ts'

export type MetricsParts = Pick<Context, 'metrics' | 'database' | 'databaseHealth' | 'clock' | 'jobs' | 'sinks'>

/** The Content-Type of `metricsText`. */
export const METRICS_TYPE = 'text/plain; version=0.0.4; charset=utf-8'

/** Everything, in Prometheus' text format. While the database does not serve, what it would tell is left out. */
export async function metricsText(parts: MetricsParts): Promise<string> {
  const { Registry } = await import('prom-client')
  const registry = new Registry()
  for (const family of [...parts.metrics.families(), ...(await presentState(parts))])
    registry.registerMetric(metricOf(family))
  const texts = await Promise.all([registry.metrics(), (await processMetrics()).metrics()])
  return texts.join('\n')
}

/** A registry asks a metric for nothing but these. */
const metricOf = (family: Family): Metric =>
  ({ name: family.name, get: async () => ({ ...family, aggregator: 'sum' }) }) as never

let ofProcess: Promise<Registry> | undefined

/** CPU, memory, event loop and garbage collection: one for the process, as several servers may run in it. */
function processMetrics(): Promise<Registry> {
  ofProcess ??= import('prom-client').then(({ collectDefaultMetrics, Registry }) => {
    const register = new Registry()
    collectDefaultMetrics({ register })
    return register
  })
  return ofProcess
}

async function presentState(parts: MetricsParts): Promise<Family[]> {
  const { database, databaseHealth, clock, sinks } = parts
  const problem = await databaseHealth.problem(database, clock.now())
  const queues = problem === undefined ? await queueStates(parts) : undefined
  return [
    gauge('cognomen_info', 'The version of this server.', [{ labels: { version: version() }, value: 1 }]),
    gauge('cognomen_database_up', 'Whether the database serves: what /health/ready answers.', [
      { labels: {}, value: problem === undefined ? 1 : 0 },
    ]),
    gauge(
      'cognomen_queue_due_jobs',
      `Jobs of all processes that are due, by queue; ${limits.dueJobs.max} stands for as many or more.`,
      (queues ?? []).map(({ queue, due }) => ({ labels: { queue }, value: due })),
    ),
    gauge(
      'cognomen_queue_oldest_due_seconds',
      'For how long the job that waits longest has been due, by queue; 0 when none is.',
      (queues ?? []).map(({ queue, oldestSeconds }) => ({ labels: { queue }, value: oldestSeconds })),
    ),
    {
      name: 'cognomen_sink_records_total',
      help: 'Log records and analytics that this process delivered, or lost, by place of SINKS_FILE.',
      type: 'counter',
      values: sinks.counts().flatMap(({ place, way, delivered, dropped }) => [
        { labels: { place, way, outcome: 'delivered' }, value: delivered },
        { labels: { place, way, outcome: 'lost' }, value: dropped },
      ]),
    },
    gauge(
      'cognomen_sink_waiting_records',
      'Records that wait in this process, by place of SINKS_FILE.',
      sinks.counts().map(({ place, way, waiting }) => ({ labels: { place, way }, value: waiting })),
    ),
  ]
}

const gauge = (name: string, help: string, values: Family['values']): Family => ({ name, help, type: 'gauge', values })

interface QueueState {
  readonly queue: string
  readonly due: number
  readonly oldestSeconds: number
}

/** Undefined when the database does not answer in time. */
async function queueStates({ database, clock, jobs }: MetricsParts): Promise<readonly QueueState[] | undefined> {
  const now = clock.now()
  const read = async (): Promise<QueueState[]> => {
    const states: QueueState[] = []
    for (const queue of jobs.queues()) {
      const { due, oldest } = await countDueJobs(database.db, queue, now, limits.dueJobs.max)
      states.push({ queue, due, oldestSeconds: oldest === undefined ? 0 : (now - oldest) / 1000 })
    }
    return states
  }
  return within(databaseLimits.readinessWait.max, read(), undefined).catch(() => undefined)
}
