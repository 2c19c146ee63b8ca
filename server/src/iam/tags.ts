// Tags of roles, users, policies and providers: the operations differ in names only.
import type { Context } from '../context.ts'
import { ApiError } from '../errors.ts'
import { changeEntity, type Reference, requireEntity } from './entity-changes.ts'
import type { EntityKind, Tag } from './entity-types.ts'
import { tooManyTagsError } from './iam-errors.ts'
import { limits } from './limits.ts'
import { type PageEnd, type PageRequest, pageOfValues } from './pagination.ts'
import { mergeTags, tagProblem, withoutTags } from './tag-rules.ts'

/** Groups have no tags. */
type Tagged = Exclude<EntityKind, 'group'>

/** Tags of a new entity. Throws InvalidInput. */
export function newTags(tags: readonly Tag[] = []): Tag[] {
  const problem = tagProblem(tags)
  if (problem !== undefined) throw new ApiError('InvalidInputException', problem)
  return mergeTags([], tags)
}

/** Throws InvalidInput, or LimitExceeded when there would be too many. */
export async function tagEntity(context: Context, reference: Reference<Tagged>, tags: readonly Tag[]): Promise<void> {
  const added = newTags(tags)
  await changeEntity(context, reference, ({ settings }) => {
    const merged = mergeTags(settings.tags, added)
    if (merged.length > limits.tagsPerEntity.max) throw tooManyTagsError()
    return { ...settings, tags: merged }
  })
}

export async function untagEntity(
  context: Context,
  reference: Reference<Tagged>,
  keys: readonly string[],
): Promise<void> {
  await changeEntity(context, reference, ({ settings }) => ({ ...settings, tags: withoutTags(settings.tags, keys) }))
}

/** In the order of keys. */
export async function listTags(
  context: Context,
  operation: string,
  reference: Reference<Tagged>,
  request: PageRequest,
): Promise<{ Tags: Tag[] } & PageEnd> {
  const { key, settings } = await requireEntity(context.db, reference)
  const { entries, end } = pageOfValues(
    context,
    { operation, request: [key] },
    request,
    settings.tags,
    (tag) => tag.Key,
  )
  return { Tags: entries, ...end }
}
