// Tells the project of an app client's AnalyticsConfiguration what its users did: the record goes to the project's place of
// SINKS_FILE. Nobody waits for that, nothing of it is stored, and a sign-in does not fail by it. docs/analytics.md.
import type { Context } from '../../context.ts'
import { newUuid } from '../../effects/uuid.ts'
import type { Place } from '../sign-in/sign-in.ts'
import type { StoredUser } from '../users/user-store.ts'
import { type AnalyticsEventType, pinpointBody, sinkNames } from './pinpoint-rules.ts'

interface Occasion extends Place {
  /** AnalyticsEndpointId of the call (endpointOf). */
  readonly endpoint?: string | undefined
}

type Parts = Pick<Context, 'sinks' | 'unservedNotices' | 'clock' | 'random'>

const note = (types: readonly AnalyticsEventType[]) =>
  function noted(parts: Parts, { pool, client, endpoint }: Occasion, user?: StoredUser): void {
    const configuration = client.settings.AnalyticsConfiguration
    if (!configuration) return
    const { sinks, unservedNotices, clock, random } = parts
    const name = sinkNames(configuration).find((one) => sinks.knows(one))
    if (name === undefined) {
      unservedNotices.noteClient(client)
      return
    }
    const at = clock.now()
    const events = types.map((type) => ({ type, id: newUuid(random) }))
    sinks.add(name, { at, body: pinpointBody({ configuration, at, events, endpoint, user, pool, client }) })
  }

/** A user has signed up, or came from an identity provider for the first time. */
export const noteSignUp = note(['_userauth.sign_up'])

/** A user has signed in, by whichever door. */
export const noteSignIn = note(['_userauth.sign_in', '_session.start'])

/** Somebody could not sign in: no user is named, as nobody has proven to be one. */
export const noteFailure = note(['_userauth.auth_fail'])

/** A sign-in goes on with new tokens. */
export const noteSession = note(['_session.start'])

/** A user has proven to be one from an endpoint that may not be known to be theirs. */
export const noteEndpoint = note([])
