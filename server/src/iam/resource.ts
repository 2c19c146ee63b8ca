// The resource that an operation of IAM acts on (docs/reference/identity-pools-sts-iam-sync.md 17): found by the name
// or ARN in the input, or by the caller.

import type { Context } from '../context.ts'
import type { AnyCaller } from '../operation.ts'
import type { Resource } from '../service.ts'
import { entityArn, parseEntityArn, parseProviderArn } from './arn-rules.ts'
import { type Entity, type EntityKind, entityKey, type Tag } from './entity-types.ts'
import { type Move, moved } from './move-entity.ts'
import { issuerOf } from './oidc-providers/oidc-provider-rules.ts'
import { taskRoleResource } from './service-linked-roles/deletion-task.ts'
import { linkedRoleResource } from './service-linked-roles/linked-services.ts'

type Parts = Pick<Context, 'iam' | 'config'>
type Input = Readonly<Record<string, unknown>>

/**
 * Members that name the entity, in order: the first that is given counts, so the resource of a membership is the group.
 */
const named: readonly (readonly [member: string, kind: EntityKind])[] = [
  ['RoleName', 'role'],
  ['GroupName', 'group'],
  ['UserName', 'user'],
]
/** Members that are ARNs. `PolicyArn` is the resource where no entity is named beside it. */
const arns = ['OpenIDConnectProviderArn', 'SAMLProviderArn', 'PolicySourceArn', 'PolicyArn'] as const
/** Operations that act on the caller when no user is named. */
const aboutCaller =
  /^(GetUser|(Create|List|Update|Delete)AccessKeys?|ListSSHPublicKeys|ListServiceSpecificCredentials|ListSigningCertificates|ListMFADevices|(Get|Delete)LoginProfile)$/
/** Operations that create an entity: the resource has the name and path in the input, even if another has that name. */
const creating: Readonly<Record<string, (input: Input) => string | undefined>> = {
  CreateRole: ({ RoleName }) => `role%${RoleName}`,
  CreateUser: ({ UserName }) => `user%${UserName}`,
  CreateGroup: ({ GroupName }) => `group%${GroupName}`,
  CreatePolicy: ({ PolicyName }) => `policy%${PolicyName}`,
  CreateOpenIDConnectProvider: ({ Url }) => `oidc-provider/${issuerOf(Url as string) ?? '*'}`,
  CreateSAMLProvider: ({ Name }) => `saml-provider/${Name}`,
  CreateServiceLinkedRole: ({ AWSServiceName }) => linkedRoleResource(AWSServiceName as string),
  GetServiceLinkedRoleDeletionStatus: ({ DeletionTaskId }) => taskRoleResource(DeletionTaskId as string),
}

/** Operations that give an entity a new name or path. */
const renamed: ReadonlyMap<string, { kind: 'group' | 'user'; member: string; newMember: string }> = new Map([
  ['UpdateGroup', { kind: 'group', member: 'GroupName', newMember: 'NewGroupName' }],
  ['UpdateUser', { kind: 'user', member: 'UserName', newMember: 'NewUserName' }],
])

/** The resources of an operation. One that renames acts on the entity under its present and its new name and path. */
export async function iamResource(
  context: Parts,
  operation: string,
  input: Input,
  { caller }: { caller?: AnyCaller } = {},
): Promise<readonly Resource[]> {
  const target = await movedResource(context, operation, input)
  const present = await presentResource(context, operation, input, { caller })
  return target ? [present, target] : [present]
}

/**
 * The user or group under its new name and path, which the caller has to be allowed to change as well: else it could
 * rename an entity to one that it may not touch. Read anew, not from the cache; asked for as well when there is no such
 * entity yet, since it may be there when the operation runs. Undefined when nothing is renamed.
 */
async function movedResource({ iam, config }: Parts, operation: string, input: Input): Promise<Resource | undefined> {
  const renaming = renamed.get(operation)
  if (!renaming) return undefined
  const { kind, member, newMember } = renaming
  const move = { name: input[newMember], path: input['NewPath'] } as Move
  if (move.name === undefined && move.path === undefined) return undefined
  const name = input[member] as string
  iam.forget(entityKey(kind, name))
  const entity = await iam.entity(kind, name)
  if (entity) return entityResource(config.accountId, moved(entity, move))
  return { arn: `arn:aws:iam::${config.accountId}:${kind}${move.path ?? '/'}${move.name ?? name}` }
}

async function presentResource(
  context: Parts,
  operation: string,
  input: Input,
  { caller }: { caller?: AnyCaller | undefined },
): Promise<Resource> {
  const path = (input['Path'] as string | undefined) ?? '/'
  const iam = `arn:aws:iam::${context.config.accountId}:`
  const newResource = Object.hasOwn(creating, operation) ? creating[operation]?.(input) : undefined
  if (newResource !== undefined) return { arn: iam + newResource.replace('%', () => path) }
  for (const [member, kind] of named) {
    const name = input[member] as string | undefined
    // The ARN of an unknown entity has the path `/`.
    if (name !== undefined) return resourceOf(context, await context.iam.entity(kind, name), `${iam}${kind}/${name}`)
  }
  for (const member of arns) {
    const arn = input[member] as string | undefined
    if (arn !== undefined) return resourceOf(context, await entityOfArn(context, arn), arn)
  }
  if (operation === 'GetAccessKeyLastUsed')
    return resourceOf(context, await ownerOfKey(context, input['AccessKeyId'] as string), '*')
  const principal = caller?.kind === 'signed' && aboutCaller.test(operation) ? caller.principal : undefined
  const user = principal?.kind === 'user' || principal?.kind === 'user-session' ? principal.user : undefined
  return resourceOf(context, user, '*')
}

/** The entity with its tags and boundary; only an ARN for an unknown one. */
const resourceOf = ({ config }: Parts, entity: Entity | undefined, otherwise: string): Resource =>
  entity ? entityResource(config.accountId, entity) : { arn: otherwise }

/** An entity as policies see it. */
export function entityResource(accountId: string, entity: Pick<Entity, 'kind' | 'settings'>): Resource {
  const { tags = [], boundaryArn } = entity.settings as { tags?: Tag[]; boundaryArn?: string }
  return {
    arn: entityArn(accountId, entity),
    tags: Object.fromEntries(tags.map(({ Key, Value }) => [Key, Value])),
    ...(boundaryArn !== undefined && { keys: [['iam:PermissionsBoundary', boundaryArn]] }),
  }
}

async function entityOfArn({ iam, config }: Parts, arn: string): Promise<Entity | undefined> {
  const { kind, name } = parseEntityArn(arn) ?? parseProviderArn(arn) ?? {}
  const entity: Entity | undefined = kind && name !== undefined ? await iam.entity(kind, name) : undefined
  return entity && entityArn(config.accountId, entity) === arn ? entity : undefined
}

async function ownerOfKey({ iam }: Parts, accessKeyId: string): Promise<Entity | undefined> {
  const key = await iam.accessKey(accessKeyId)
  return key && iam.byKey('user', key.userKey)
}
