// Segment's HTTP Tracking API (twilio.com/docs/segment, "HTTP API Source"): POST /v1/batch of at most 500 KB, 32 KB each. The key is the
// user of Basic authentication. A messageId that comes twice is one message.
import type { SegmentPlace } from '../../config/sink-places.ts'
import type { SinkWay } from '../batch.ts'
import { limits } from '../limits.ts'
import type { Told } from './pinpoint-lines.ts'
import { postTold } from './post-told.ts'

export const segment: SinkWay<SegmentPlace> = {
  records: limits.analyticsRecords.max,
  bytes: limits.analyticsBytes.max,
  // A record may become three messages, which have its attributes once; what stands around them is for each.
  sizeOf: (bytes) => bytes + 1000,
  wait: 0,
  put: (parts, { url, writeKey }, { lines }) => {
    const authorization = `Basic ${Buffer.from(`${writeKey}:`).toString('base64')}`
    return postTold(parts, { name: 'Segment', url, headers: { authorization } }, lines, messages, (batch) => ({
      batch,
    }))
  },
}

const context = { library: { name: 'cognomen' } }

/** `track` for an event, before it `identify` where something is known of the user. */
function messages({ id, type, timestamp, attributes, endpoint, userId, traits }: Told, first: boolean): object[] {
  const who = {
    ...(userId !== undefined && { userId }),
    ...(endpoint !== userId && { anonymousId: endpoint }),
    timestamp,
    context,
  }
  return [
    ...(traits && first
      ? [{ type: 'identify', ...who, traits, ...(id !== undefined && { messageId: `${id}-identify` }) }]
      : []),
    ...(type === undefined ? [] : [{ type: 'track', ...who, messageId: id, event: type, properties: attributes }]),
  ]
}
