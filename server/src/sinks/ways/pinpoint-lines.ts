// Reads the records of analytics (cognito-idp/analytics/), which are bodies of Amazon Pinpoint's PutEvents, for ways that say the
// same in another form.
import { bodyOf, type Line } from '../batch.ts'

/** An event, or with the endpoint's user alone what is known of that user. */
export interface Told {
  /** A UUID; undefined where there is no event. */
  readonly id: string | undefined
  readonly type: string | undefined
  /** ISO 8601. */
  readonly timestamp: string
  readonly attributes: Readonly<Record<string, string>>
  readonly endpoint: string
  readonly userId: string | undefined
  /** Of the user, where user data is shared. */
  readonly traits: Readonly<Record<string, string>> | undefined
}

interface Item {
  readonly Endpoint: {
    readonly ChannelType?: string
    readonly User?: { readonly UserId: string; readonly UserAttributes?: Readonly<Record<string, readonly string[]>> }
  }
  readonly Events: Readonly<
    Record<string, { readonly EventType: string; readonly Timestamp: string; readonly Attributes: Told['attributes'] }>
  >
}

/** What a line tells; undefined for a record of something else. Endpoints of addresses are left out: they are traits. */
export function toldBy(line: Line): readonly Told[] | undefined {
  const { BatchItem } = bodyOf(line) as { BatchItem?: Readonly<Record<string, Item>> }
  if (BatchItem === undefined) return undefined
  return Object.entries(BatchItem)
    .filter(([, { Endpoint }]) => Endpoint.ChannelType === undefined)
    .flatMap(
      ([
        endpoint,
        {
          Endpoint: { User },
          Events,
        },
      ]): Told[] => {
        const of = { endpoint, userId: User?.UserId, traits: traitsOf(User?.UserAttributes) }
        const events = Object.entries(Events)
        if (events.length === 0)
          return [{ ...of, id: undefined, type: undefined, timestamp: new Date(line.at).toISOString(), attributes: {} }]
        return events.map(([id, { EventType, Timestamp, Attributes }]) => ({
          ...of,
          id,
          type: EventType,
          timestamp: Timestamp,
          attributes: Attributes,
        }))
      },
    )
}

const traitsOf = (lists: Readonly<Record<string, readonly string[]>> | undefined): Told['traits'] =>
  lists && Object.fromEntries(Object.entries(lists).map(([name, [value = '']]) => [name, value]))
