// What analytics are told, in the form in which Amazon Pinpoint took it (PutEvents): endpoints, each with its user and what it
// did. Pure. docs/reference/user-pools.md 6.6, docs/analytics.md.
import type { AnalyticsConfigurationType } from '../../contract/cognito-idp.types.ts'
import { limits } from '../limits.ts'
import { readableAttributes } from '../user-pool-clients/attribute-permission-rules.ts'
import type { UserPoolClientSettings } from '../user-pool-clients/client-store.ts'
import type { UserPool } from '../user-pools/pool-store.ts'
import type { StoredUser } from '../users/user-store.ts'

export type AnalyticsEventType = '_userauth.sign_up' | '_userauth.sign_in' | '_userauth.auth_fail' | '_session.start'

export interface AnalyticsEvent {
  /** A UUID. */
  readonly id: string
  readonly type: AnalyticsEventType
}

export interface Happened {
  readonly configuration: AnalyticsConfigurationType
  /** Epoch milliseconds. */
  readonly at: number
  /** Without any, the endpoint and its user alone are told of. */
  readonly events: readonly AnalyticsEvent[]
  /** AnalyticsEndpointId of the call. */
  readonly endpoint: string | undefined
  /** Who has proven to be that user; undefined for everybody else, whatever name was given. */
  readonly user: Pick<StoredUser, 'sub' | 'attributes'> | undefined
  readonly pool: Pick<UserPool, 'id' | 'settings'>
  readonly client: { readonly clientId: string; readonly settings: UserPoolClientSettings }
}

/** Of PutEvents (Amazon Pinpoint API reference, "Events"); only what is set here. */
export interface PinpointBody {
  readonly ApplicationId: string
  /** By the id of the endpoint. */
  readonly BatchItem: Readonly<Record<string, PinpointItem>>
}

export interface PinpointItem {
  readonly Endpoint: {
    readonly ChannelType?: 'EMAIL' | 'SMS'
    readonly Address?: string
    readonly User?: { readonly UserId: string; readonly UserAttributes?: Readonly<Record<string, readonly string[]>> }
  }
  /** By the id of the event. */
  readonly Events: Readonly<Record<string, PinpointEvent>>
}

export interface PinpointEvent {
  readonly EventType: AnalyticsEventType
  /** ISO 8601. */
  readonly Timestamp: string
  readonly Attributes: Readonly<Record<string, string>>
  readonly Session?: { readonly Id: string; readonly StartTimestamp: string }
}

/** The id of the project of a configuration. */
export const projectOf = ({ ApplicationId, ApplicationArn }: AnalyticsConfigurationType): string =>
  ApplicationId ?? ApplicationArn?.replace(/^.*\//, '') ?? ''

/** The names by which SINKS_FILE may have a project, the first that it has counts. */
export const sinkNames = (configuration: AnalyticsConfigurationType): readonly string[] => [
  ...(configuration.ApplicationArn === undefined ? [] : [configuration.ApplicationArn]),
  projectOf(configuration),
]

/** The endpoint of a call, if it names one that can be an id. */
export const endpointOf = (metadata: { AnalyticsEndpointId?: string | undefined } | undefined): string | undefined => {
  const id = metadata?.AnalyticsEndpointId
  return id === undefined || id === '' || id.length > limits.analyticsEndpoint.max ? undefined : id
}

/**
 * What is told. The endpoint is the call's; without one it is the user's sub, and for somebody unknown a new one. Addresses of the
 * user have endpoints of their own where user data is shared, if the user has proven them.
 */
export function pinpointBody({ configuration, at, events, endpoint, user, pool, client }: Happened): PinpointBody {
  const shared =
    user && configuration.UserDataShared
      ? sharedAttributes(user.attributes, readableAttributes(pool.settings, client.settings))
      : undefined
  const Timestamp = new Date(at).toISOString()
  const id = endpoint ?? user?.sub ?? events[0]?.id ?? ''
  const item: PinpointItem = {
    Endpoint: user ? { User: { UserId: user.sub, ...(shared && { UserAttributes: shared }) } } : {},
    Events: Object.fromEntries(
      events.map((event) => [
        event.id,
        {
          EventType: event.type,
          Timestamp,
          Attributes: { UserPoolId: pool.id, ClientId: client.clientId },
          ...(event.type === '_session.start' && { Session: { Id: event.id, StartTimestamp: Timestamp } }),
        },
      ]),
    ),
  }
  return {
    ApplicationId: projectOf(configuration),
    BatchItem: { [id]: item, ...(user && shared && addressEndpoints(user, shared)) },
  }
}

/** The attributes that the client may read. Values that Pinpoint would refuse as too long are left out. */
function sharedAttributes(
  attributes: StoredUser['attributes'],
  readable: readonly string[],
): Readonly<Record<string, readonly string[]>> {
  return Object.fromEntries(
    Object.entries(attributes)
      .filter(([name, value]) => readable.includes(name) && value.length <= limits.sharedValue.max)
      .map(([name, value]) => [name, [value]]),
  )
}

const CHANNELS = [
  ['EMAIL', 'email'],
  ['SMS', 'phone_number'],
] as const

const addressEndpoints = (
  { sub, attributes }: NonNullable<Happened['user']>,
  shared: Readonly<Record<string, readonly string[]>>,
): PinpointBody['BatchItem'] =>
  Object.fromEntries(
    CHANNELS.flatMap(([ChannelType, name]) => {
      const address = shared[name]?.[0]
      if (address === undefined || attributes[`${name}_verified`] !== 'true') return []
      const Endpoint = { ChannelType, Address: address, User: { UserId: sub } }
      return [[`${sub}-${ChannelType.toLowerCase()}`, { Endpoint, Events: {} }]]
    }),
  )
