// From what an external provider says of a user to a user of the pool: found by a link, or made at the first sign-in; the
// attributes are those of the mapping. docs/reference/oauth-and-federation.md 19.2 to 19.5, docs/behaviour/federation.md.
import type { Context } from '../../context.ts'
import { sub as newSub } from '../../crypto/random-ids.ts'
import { ApiError } from '../../errors.ts'
import { userFederated } from '../../events.ts'
import { callTrigger } from '../../triggers/call.ts'
import { inboundFederation } from '../../triggers/events/inbound-federation.ts'
import { postAuthentication } from '../../triggers/events/post-authentication.ts'
import { preAuthentication } from '../../triggers/events/pre-authentication.ts'
import { preSignUp } from '../../triggers/events/pre-sign-up.ts'
import type { Texts } from '../../triggers/trigger.ts'
import { noteSignUp } from '../analytics/note-analytics.ts'
import { insertMember } from '../groups/group-store.ts'
import type { IdentityProvider } from '../identity-providers/provider-store.ts'
import { makesUsers } from '../replicas/served-rules.ts'
import type { RequestSource } from '../sessions/request-source.ts'
import type { Place } from '../sign-in/sign-in.ts'
import { recordEvent } from '../threats/record-event.ts'
import { sameAttributes } from '../users/attribute-rules.ts'
import { addUser, changeUser } from '../users/change-user.ts'
import { noSuchUserError } from '../users/require-user.ts'
import { tellConfirmed } from '../users/tell-confirmed.ts'
import { triggerAttributes } from '../users/trigger-attributes.ts'
import { nameTakenMessage } from '../users/user-name-rules.ts'
import { NameTaken, type StoredUser } from '../users/user-store.ts'
import { mappedAttributes, writeMapped } from './attribute-mapping-rules.ts'
import { newFederatedUser } from './federated-user.ts'
import { federatedUsername, usernameProblem } from './federated-user-rules.ts'
import { foundBySubject, SUBJECT } from './identity-rules.ts'
import { type FederatedUser, findFederatedUser } from './identity-store.ts'
import { allClaims, type Profile } from './profile.ts'
import { providerGroup } from './provider-group.ts'

/** A sign-in by a provider of the pool, in the name of an app client. */
export interface FederatedSignIn extends Place {
  readonly provider: Pick<IdentityProvider, 'name' | 'type' | 'mapping'>
  readonly profile: Profile
  readonly source: RequestSource
}

interface Mapped extends FederatedSignIn {
  /** By the names of the pool's attributes. */
  readonly mapped: Texts
}

/**
 * The user of a profile, as stored now. Throws ApiError: where the user is disabled, the attributes do not fit, a name is
 * taken, and as callTrigger does.
 */
export async function signInFederated(context: Context, signIn: FederatedSignIn): Promise<StoredUser> {
  const { provider } = signIn
  const claims = await askInbound(context, signIn)
  const sent = { ...signIn, mapped: mappedAttributes(provider.mapping, claims, provider.type) }
  const found = await find(context, sent)
  const user = await (found ? welcomeBack(context, sent, found) : welcome(context, sent)).catch(async (error) => {
    if (found && error instanceof ApiError) await record(context, sent, found.user, 'Fail')
    throw error
  })
  await record(context, sent, user, 'Pass')
  return user
}

/** Whose sign-ins threat protection keeps; no risk is judged, as what was proven is the provider's to judge. */
const record = (
  context: Context,
  { pool, client, source, provider: { name: provider } }: FederatedSignIn,
  user: StoredUser,
  response: 'Pass' | 'Fail',
): Promise<void> => recordEvent(context, { pool, client, user, type: 'SignIn', response, source, provider })

/** What is mapped: what the provider says, or what the pool's trigger makes of it. */
async function askInbound(context: Context, { pool, client, profile }: FederatedSignIn): Promise<Texts> {
  const { provider: providerName, type: providerType, subject: userName, claims } = profile
  const source = 'InboundFederation_ExternalProvider'
  const occasion = { pool, userName, clientId: client.clientId, source } as const
  const answer = await callTrigger(context, inboundFederation, occasion, {
    providerName,
    providerType,
    attributes: claims,
  })
  return answer?.userAttributesToMap ?? allClaims(claims)
}

/** Social providers know their users by the subject alone. */
function find({ db }: Context, { pool, profile, mapped }: Mapped): Promise<FederatedUser | undefined> {
  const { provider, subject, type } = profile
  const isOpen = type === 'OIDC' || type === 'SAML'
  return findFederatedUser(db, pool, { provider, subject, ...(isOpen && { attributes: mapped }) })
}

/** A user who is known: the attributes are written anew, if the user may sign in. */
async function welcomeBack(
  context: Context,
  signIn: Mapped,
  { user: known, identity }: FederatedUser,
): Promise<StoredUser> {
  const { pool, client, profile } = signIn
  if (identity.disabled) throw disabledError()
  requireAllowed(known)
  const occasion = { pool, userName: known.username, clientId: client.clientId } as const
  await callTrigger(
    context,
    preAuthentication,
    { ...occasion, source: 'PreAuthentication_Authentication' },
    { userAttributes: triggerAttributes(known), validationData: undefined },
  )
  const changing = changeUser(context, pool, known, (user) => {
    requireAllowed(user)
    const attributes = written(context, signIn, user.attributes)
    const isSame = sameAttributes(attributes, user.attributes) && identity.attribute === SUBJECT
    const identities =
      identity.attribute === SUBJECT ? user.identities : foundBySubject(user.identities, identity, profile.subject)
    return { user: isSame ? user : { ...user, attributes, identities } }
  })
  const user = await changing.catch((error) => {
    throw error instanceof NameTaken ? new ApiError('AliasExistsException', nameTakenMessage(error.kind)) : error
  })
  if (!user) throw noSuchUserError()
  await callTrigger(
    context,
    postAuthentication,
    { ...occasion, source: 'PostAuthentication_Authentication' },
    { userAttributes: triggerAttributes(user), newDeviceUsed: false, clientMetadata: undefined },
  )
  return user
}

/** Nobody has the identity yet: a new user, unless the pool's trigger links it to one who is there. */
async function welcome(context: Context, signIn: Mapped): Promise<StoredUser> {
  const { pool, client, profile } = signIn
  const { provider, type, subject, issuer } = profile
  if (!makesUsers(pool))
    throw new ApiError(
      'OperationNotEnabledException',
      'New users sign in for the first time in the primary region of the user pool.',
    )
  const username = federatedUsername(pool.settings, { provider, subject })
  if (usernameProblem(username) !== undefined)
    throw new ApiError('InvalidParameterException', 'The user id of the identity provider cannot be a username')
  const attributes = written(context, signIn, undefined)
  const occasion = {
    pool,
    userName: username,
    clientId: client.clientId,
    source: 'PreSignUp_ExternalProvider',
  } as const
  const answer = await callTrigger(context, preSignUp, occasion, {
    userAttributes: attributes,
    validationData: undefined,
    clientMetadata: undefined,
  })
  const linked = answer && (await find(context, signIn))
  if (linked) return welcomeBack(context, signIn, linked)
  const sub = newSub((count) => context.random.bytes(count))
  const now = context.clock.now()
  const user = newFederatedUser(pool, sub, { provider, type, ...(issuer && { issuer }), subject }, attributes, now)
  const group = await providerGroup(context, pool.id, provider)
  try {
    await addUser(context, pool, { user, after: (db) => insertMember(db, group, sub, now) })
  } catch (error) {
    if (!(error instanceof NameTaken)) throw error
    // A sign-in at the same time was first.
    const first = await find(context, signIn)
    if (first) return welcomeBack(context, signIn, first)
    throw new ApiError('UsernameExistsException', `Already found an entry for username ${username}`)
  }
  userFederated(context, { pool: pool.id, sub, provider })
  noteSignUp(context, signIn, user)
  await tellConfirmed(context, {
    pool,
    user,
    clientId: client.clientId,
    by: 'ConfirmSignUp',
    clientMetadata: undefined,
  })
  return user
}

/** The attributes that a user has after this sign-in. */
function written(
  context: Context,
  { pool, client, mapped, provider }: Mapped,
  current: StoredUser['attributes'] | undefined,
): StoredUser['attributes'] {
  const result = writeMapped(pool.settings, client.settings, current, mapped)
  if ('problem' in result) throw new ApiError('InvalidParameterException', result.problem)
  const { attributes, skipped } = result
  if (skipped.length > 0)
    context.log.info(
      { pool: pool.id, client: client.clientId, provider: provider.name, attributes: skipped },
      'attributes of a mapping are not written, as the app client may not write them',
    )
  return attributes
}

const disabledError = (): ApiError => new ApiError('NotAuthorizedException', 'User is not enabled')

/** As tokens are refused to a user whose password was reset, so is the sign-in, which can say why. */
function requireAllowed(user: StoredUser): void {
  if (!user.enabled) throw disabledError()
  if (user.status === 'RESET_REQUIRED')
    throw new ApiError('PasswordResetRequiredException', 'Password reset required for the user')
}
