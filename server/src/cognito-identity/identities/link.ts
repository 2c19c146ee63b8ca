// Finds the identity that proven logins lead to, and links and merges what belongs together on the way (link-rules.ts).

import type { Context } from '../../context.ts'
import { Stale, withRetries } from '../../database/compare-and-set.ts'
import type { Db } from '../../database/database.ts'
import { moveDatasets, prepareMoves } from '../../datasets/move-datasets.ts'
import { newUuid } from '../../effects/uuid.ts'
import type { IdentityPool } from '../identity-pools/pool-store.ts'
import { limits } from '../limits.ts'
import {
  disableIdentity,
  findIdentity,
  findOwnerIds,
  type Identity,
  insertIdentity,
  readOwners,
  updateLogins,
} from './identity-store.ts'
import { commonOwner, type LinkPlan, type LinkRefusal, planLink } from './link-rules.ts'
import { holdsLogin, type Login } from './login-rules.ts'

type Parts = Pick<Context, 'db' | 'database' | 'clock' | 'random' | 'config' | 'pokes'>

/** The live identity of the caller: the named one, the one that the logins lead to, or a new one. */
export async function linkLogins(
  context: Parts,
  pool: IdentityPool,
  logins: readonly Login[],
  named?: Identity,
): Promise<{ id: string; refused?: undefined } | LinkRefusal> {
  // The usual case: all logins are linked to the identity that the caller names.
  if (named && !named.disabled && logins.length > 0 && logins.every((login) => holdsLogin(named, login)))
    return { id: named.id }
  let alreadyRead = named
  return withRetries(async () => {
    const current = alreadyRead ?? (named && (await findIdentity(context.db, named.id)))
    alreadyRead = undefined
    if (named && !current) return { refused: 'forbidden' }
    const ownerIds = await findOwnerIds(context.db, pool.id, logins)
    // The usual case of GetId: no identity is named, and the logins lead to one.
    const owner = current ? undefined : commonOwner(ownerIds)
    if (owner !== undefined) return { id: owner }
    const plan = planLink({
      named: current,
      namedSurvivorId: current?.disabled ? await survivorIdOf(context.db, current) : undefined,
      owners: await readOwners(context.db, logins, ownerIds),
      logins,
      developerProvider: pool.settings.DeveloperProviderName,
    })
    return plan.refused ? plan : { id: await carryOut(context, pool, plan) }
  })
}

/** A new identity id: `R:<uuid>` (docs/reference/identity-pools-sts-iam-sync.md 2). */
export const newIdentityId = (context: Pick<Context, 'config' | 'random'>): string =>
  `${context.config.region}:${newUuid(context.random)}`

/** Writes a plan in one transaction; returns the survivor's id. Throws Stale after a conflict, for withRetries. */
export async function carryOut(
  context: Parts,
  pool: Pick<IdentityPool, 'id'>,
  { survivor, attach, absorb }: LinkPlan,
): Promise<string> {
  if (survivor && attach.length === 0 && absorb.length === 0) return survivor.id
  const id = survivor?.id ?? newIdentityId(context)
  const now = context.clock.now()
  const logins = [survivor, ...absorb].flatMap((identity) => identity?.logins ?? []).concat(attach)
  const absorbedIds = absorb.map((identity) => identity.id)
  const moves = await prepareMoves(context.db, id, absorbedIds, now)
  await context.database.transaction(async (db) => {
    // Absorbed identities first: their logins have to be released before the survivor can reserve them.
    for (const identity of absorb) if (!(await disableIdentity(db, identity, id, now))) throw new Stale()
    const written = survivor
      ? await updateLogins(db, survivor, logins, now)
      : await insertIdentity(db, { id, poolId: pool.id, logins }, now)
    if (!written) throw new Stale()
    await moveDatasets(db, moves)
  })
  if (moves.length > 0) {
    await context.database.durable()
    context.pokes.look(id)
  }
  return id
}

/** The id of the live identity at the end of a disabled one's chain of mergers; undefined when it was deleted. */
export async function survivorIdOf(db: Db, disabled: Identity): Promise<string | undefined> {
  let identity: Identity | undefined = disabled
  for (let mergers = 0; identity?.disabled && mergers < limits.mergers.max; mergers++)
    identity = identity.mergedInto === undefined ? undefined : await findIdentity(db, identity.mergedInto)
  return identity?.disabled ? undefined : identity?.id
}
