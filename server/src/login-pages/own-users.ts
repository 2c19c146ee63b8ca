// Pages about passwords are for the users of the pool itself (docs/reference/oauth-and-federation.md 4.1).
import { withTarget } from '../oauth/authorize/authorize.ts'
import type { Endpoint } from '../oauth/endpoint.ts'
import { Unredirectable } from '../oauth/oauth-error.ts'
import { hasOwnUsers } from '../oauth/upstream/choose-provider.ts'

/** The endpoint, for app clients that have COGNITO among their providers; others end on the error page. */
export const forOwnUsers = ({ answer, ...endpoint }: Endpoint): Endpoint => ({
  ...endpoint,
  answer: (context, request) =>
    withTarget(context, request, ({ client }) => {
      if (!hasOwnUsers(client)) throw new Unredirectable('unknown_provider')
      return answer(context, request)
    }),
})
