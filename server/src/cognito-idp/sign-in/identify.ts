// Who signs in: the user of a name, with what a pool's triggers have to say before the first proof. UserMigration is asked
// for a name that nobody has, where a password came with it; PreAuthentication may refuse.
// docs/reference/user-pools.md 13.5.
import type { Context } from '../../context.ts'
import { callTrigger } from '../../triggers/call.ts'
import { preAuthentication } from '../../triggers/events/pre-authentication.ts'
import { migratesUsers, migrateUser } from '../users/migrate-user.ts'
import type { StoredUser } from '../users/user-store.ts'
import { tryGuess } from './guess.ts'
import { occasionOf, whoOf } from './occasion.ts'
import { type Candidate, candidateBySubject, findCandidate } from './password-check.ts'
import { SignInRefused } from './refused.ts'
import type { SignInRequest } from './sign-in.ts'
import { hidesExistence } from './user-state-rules.ts'

/**
 * The candidate of a name; `password` is the one that came with it. Throws SignInRefused for a name that belongs to nobody,
 * unless the client hides who exists, and as callTrigger does.
 */
export async function identify(
  context: Context,
  request: SignInRequest,
  name: string,
  password?: string,
): Promise<Candidate> {
  const found = await findCandidate(context, request, name)
  const migration =
    !found.user && password !== undefined && migratesUsers(request.pool)
      ? await migrated(context, request, name, found, password)
      : undefined
  const refusal = migration instanceof SignInRefused ? migration : undefined
  const candidate = migration === undefined || migration instanceof SignInRefused ? found : migration
  if (!candidate.user && !hidesExistence(request.client.settings)) throw refusal ?? new SignInRefused('unknown-user')
  await callTrigger(context, preAuthentication, occasionOf(request, candidate, 'PreAuthentication_Authentication'), {
    ...whoOf(candidate),
    validationData: request.validationData,
  })
  // After PreAuthentication, which refuses users before their passwords are looked at.
  if (refusal) throw refusal
  return candidate
}

/** The user whom another directory knows by this password, or why there is none. Each question counts as a guess at the name. */
async function migrated(
  context: Context,
  request: SignInRequest,
  name: string,
  nobody: Candidate,
  password: string,
): Promise<Candidate | SignInRefused> {
  const { pool, client, remoteAddress: address, validationData: clientMetadata } = request
  let user: StoredUser | undefined
  const outcome = await tryGuess(context, { ...nobody, byTrigger: true }, async () => {
    user = await migrateUser(context, { pool, client, name, password, clientMetadata, address })
    return user !== undefined
  })
  if (outcome === 'locked') return new SignInRefused('locked')
  if (!user) return new SignInRefused('unknown-user')
  return candidateBySubject(context, request, { subject: user.sub, userId: user.username })
}
