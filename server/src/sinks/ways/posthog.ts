// PostHog's capture API (posthog.com/docs/api/capture, "Batch events"): POST /batch/. Events have UUIDs, by which one that comes twice
// is one. A user is known by the sub; who is not known gets no profile.
import type { PostHogPlace } from '../../config/sink-places.ts'
import type { SinkWay } from '../batch.ts'
import { limits } from '../limits.ts'
import type { Told } from './pinpoint-lines.ts'
import { postTold } from './post-told.ts'

export const posthog: SinkWay<PostHogPlace> = {
  records: limits.analyticsRecords.max,
  bytes: limits.analyticsBytes.max,
  // Beside the attributes of an event, which may be there twice, what stands around them.
  sizeOf: (bytes) => 2 * bytes + 400,
  wait: 0,
  put: (parts, { url, apiKey }, { lines }) =>
    postTold(parts, { name: 'PostHog', url, headers: {} }, lines, captured, (batch) => ({ api_key: apiKey, batch })),
}

/** `$set` writes what is known of a user. Places are not guessed by the address that asks, which is this server's. */
function captured({ id, type, timestamp, attributes, endpoint, userId, traits }: Told): object[] {
  if (type === undefined && !traits) return []
  const person = userId === undefined ? { $process_person_profile: false } : traits ? { $set: traits } : {}
  return [
    {
      event: type ?? '$set',
      distinct_id: userId ?? endpoint,
      timestamp,
      ...(id !== undefined && { uuid: id }),
      properties: { ...attributes, endpoint, ...person, $geoip_disable: true, $lib: 'cognomen' },
    },
  ]
}
