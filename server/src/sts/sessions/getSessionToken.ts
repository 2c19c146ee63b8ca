import { sessionRestriction } from '../../authorization/session-restrictions.ts'
import { operation } from '../operation.ts'
import { ownSessionSeconds } from './duration-rules.ts'
import { issueSession } from './issue-session.ts'
import { mfaProblem } from './mfa-rules.ts'

/** Allowed to every user and the root; no policy is evaluated (docs/reference/identity-pools-sts-iam-sync.md 15.3). */
export const getSessionToken = operation('GetSessionToken', async (context, { input, caller, fail }) => {
  const { principal } = caller
  const restriction = sessionRestriction(principal, 'sts:GetSessionToken')
  if (restriction) throw fail('AccessDenied', restriction.message)
  const problem = mfaProblem(input)
  if (problem !== undefined) throw fail('AccessDenied', problem)
  const user = principal.kind === 'user' ? principal.user : undefined
  const Credentials = issueSession(context, {
    kind: user ? 'user' : 'root',
    ...(user && { entity: { key: user.key, id: user.id } }),
    name: '',
    durationSeconds: ownSessionSeconds(input.DurationSeconds, user === undefined),
  })
  return { Credentials }
})
