// A batch of analytics as one JSON request to a service of analytics.
import type { Leftover, Line, SinkParts } from '../batch.ts'
import { isOk, post, statusRefuses } from '../post.ts'
import { PutFailed } from '../put-failed.ts'
import { type Told, toldBy } from './pinpoint-lines.ts'

interface Service {
  /** As the log names it. */
  readonly name: string
  readonly url: string
  readonly headers: Record<string, string>
}

/**
 * Posts the messages that `shape` makes of what the lines tell, in what `wrap` puts around them. `first`: whether it is the first
 * event of its record. Lines that tell nothing of analytics are refused. Rejects with PutFailed.
 */
export async function postTold(
  { closed }: Pick<SinkParts, 'closed'>,
  { name, url, headers }: Service,
  lines: readonly Line[],
  shape: (told: Told, first: boolean) => readonly object[],
  wrap: (messages: readonly object[]) => object,
): Promise<Leftover | undefined> {
  const told = lines.map(toldBy)
  const messages = told.flatMap((events = []) => events.flatMap((event, i) => shape(event, i === 0)))
  if (messages.length > 0) {
    const all = { ...headers, 'content-type': 'application/json' }
    const { status } = await post(url, all, JSON.stringify(wrap(messages)), closed)
    if (!isOk(status)) throw new PutFailed(`${name} HTTP ${status}`, statusRefuses(status))
  }
  const refused = told.filter((events) => events === undefined).length
  return refused > 0 ? { refused, reason: `${name} takes analytics alone` } : undefined
}
