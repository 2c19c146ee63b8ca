// Linking, upgrading and merging of identities: what becomes of the identity that a caller names and of those that its
// proven logins lead to (docs/reference/identity-pools-sts-iam-sync.md 5, docs/behaviour/identities.md). Pure.
//
// Whoever knows the id of a guest's identity may use it; an identity with logins takes proof of one of them.

import { limits } from '../limits.ts'
import type { Identity } from './identity-store.ts'
import { holdsLogin, isSameLogin, type Login } from './login-rules.ts'

export interface LinkRequest {
  /** The identity that the caller names. */
  named?: Identity | undefined
  /** For a named one that is disabled: the live one at the end of its mergers. */
  namedSurvivorId?: string | undefined
  /** The identities that `logins` lead to. */
  owners: readonly Identity[]
  /** Logins that the caller has proven. */
  logins: readonly Login[]
  /** The one provider of which an identity may have several subjects. */
  developerProvider: string | undefined
  /** The caller is the developer's backend: an identity that it names needs no proof, and survives a merge. */
  trusted?: boolean
}

export type LinkRefusal =
  /**
   * The named identity needs a login and none was given, or it is disabled and the logins do not lead to the one that
   * it was merged into.
   */
  | { refused: 'forbidden' }
  /** None of the given logins leads to the named identity. */
  | { refused: 'logins-do-not-match' }
  /** An identity would have two subjects of one public provider. */
  | { refused: 'conflict' }
  | { refused: 'too-many-logins' }

/** What to do: give `attach` to the survivor (a new identity when there is none), and let it take over `absorb`. */
export interface LinkPlan {
  refused?: undefined
  survivor: Identity | undefined
  attach: readonly Login[]
  absorb: readonly Identity[]
}

/** Decides what to write so that all logins lead to one identity. */
export function planLink({
  named,
  namedSurvivorId,
  owners,
  logins,
  developerProvider,
  trusted = false,
}: LinkRequest): LinkPlan | LinkRefusal {
  const refused = namedRefusal(named, namedSurvivorId, owners, logins)
  if (refused && (!trusted || named?.disabled)) return { refused }
  const live = named && !named.disabled ? named : undefined
  const attach = distinct(logins).filter((login) => !owners.some((owner) => holdsLogin(owner, login)))
  const survivor = (trusted && live?.linked ? live : survivorOf(owners, logins)) ?? live
  const absorb = [...owners, ...(live ? [live] : [])].filter(
    (identity, index, all) =>
      identity.id !== survivor?.id && all.findIndex((other) => other.id === identity.id) === index,
  )
  const union = [...(survivor?.logins ?? []), ...absorb.flatMap((identity) => identity.logins), ...attach]
  return unionRefusal(union, developerProvider) ?? { survivor, attach, absorb }
}

/** The id of the one identity that all logins lead to; undefined when there are several, or a login is unknown. */
export function commonOwner(ownerIds: readonly (string | undefined)[]): string | undefined {
  const [id, ...others] = new Set(ownerIds)
  return others.length === 0 ? id : undefined
}

/**
 * MergeDeveloperIdentities: the destination takes over the source's logins, whatever either holds
 * (docs/reference/identity-pools-sts-iam-sync.md 9).
 */
export function planMerge(
  source: Identity,
  destination: Identity,
  developerProvider: string | undefined,
): LinkPlan | LinkRefusal {
  const absorb = source.id === destination.id ? [] : [source]
  const union = [...destination.logins, ...absorb.flatMap((identity) => identity.logins)]
  return unionRefusal(union, developerProvider) ?? { survivor: destination, attach: [], absorb }
}

const distinct = (logins: readonly Login[]): Login[] =>
  logins.filter((login, index) => logins.findIndex((other) => isSameLogin(other, login)) === index)

function namedRefusal(
  named: Identity | undefined,
  namedSurvivorId: string | undefined,
  owners: readonly Identity[],
  logins: readonly Login[],
): LinkRefusal['refused'] | undefined {
  if (!named) return undefined
  if (named.disabled) return owners.some((owner) => owner.id === namedSurvivorId) ? undefined : 'forbidden'
  if (!named.linked) return undefined
  // An identity that lost its last login has no owner any more: another login must not give access to it.
  if (logins.length === 0 || named.logins.length === 0) return 'forbidden'
  return logins.some((login) => holdsLogin(named, login)) ? undefined : 'logins-do-not-match'
}

/**
 * Of several owners the one with the first login in the order of provider names, so that every request picks the same.
 */
function survivorOf(owners: readonly Identity[], logins: readonly Login[]): Identity | undefined {
  const ordered = [...logins].sort(byProvider)
  for (const login of ordered) {
    const owner = owners.find((identity) => holdsLogin(identity, login))
    if (owner) return owner
  }
  return undefined
}

const byProvider = (a: Login, b: Login): number =>
  a.provider === b.provider ? (a.subject < b.subject ? -1 : 1) : a.provider < b.provider ? -1 : 1

function unionRefusal(logins: readonly Login[], developerProvider: string | undefined): LinkRefusal | undefined {
  const subjects = new Map<string, string>()
  for (const { provider, subject } of logins) {
    if (provider === developerProvider) continue
    if ((subjects.get(provider) ?? subject) !== subject) return { refused: 'conflict' }
    subjects.set(provider, subject)
  }
  return distinct(logins).length > limits.loginsPerIdentity.max ? { refused: 'too-many-logins' } : undefined
}
