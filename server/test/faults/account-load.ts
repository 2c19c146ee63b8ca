// A write load on IAM and identity pools of a server that may be killed at any moment, like write-load.ts: roles, users,
// keys, attachments and groups, first logins through a developer's backend, and the roles of an identity pool.
import {
  CognitoIdentityClient,
  CreateIdentityPoolCommand,
  DescribeIdentityCommand,
  GetIdentityPoolRolesCommand,
  GetOpenIdTokenForDeveloperIdentityCommand,
  ListIdentitiesCommand,
  LookupDeveloperIdentityCommand,
  SetIdentityPoolRolesCommand,
} from '@aws-sdk/client-cognito-identity'
import {
  AddUserToGroupCommand,
  AttachRolePolicyCommand,
  CreateAccessKeyCommand,
  CreateGroupCommand,
  CreatePolicyCommand,
  CreateRoleCommand,
  CreateUserCommand,
  DeleteAccessKeyCommand,
  DeleteUserCommand,
  GetGroupCommand,
  GetRoleCommand,
  GetRolePolicyCommand,
  GetUserCommand,
  IAMClient,
  ListAttachedRolePoliciesCommand,
  ListGroupsForUserCommand,
  ListUsersCommand,
  PutRolePolicyCommand,
  RemoveUserFromGroupCommand,
} from '@aws-sdk/client-iam'
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts'
import type { StartedServer } from '../../../conformance/start-server.ts'
import { policy } from '../iam.ts'
import { inParallel, type Load, refused, runWriters } from './writers.ts'

const PROVIDER = 'login.example.app'
/** How many acknowledgements of earlier rounds are asked about after each restart. */
const EARLIER_ASKED = 10

type What = 'role' | 'attachment' | 'user' | 'key' | 'membership' | 'deletion' | 'login' | 'pool roles'

interface Acknowledged {
  what: What
  /** Rejects, saying what is wrong, when the server lost it. */
  holds(clients: Clients): Promise<void>
}

/** Clients of the server as it runs now. */
export interface Clients {
  readonly iam: IAMClient
  readonly identity: CognitoIdentityClient
  /** Signed with any key. */
  sts(credentials: Key): STSClient
  destroy(): void
}

type Key = StartedServer['credentials']

export function clientsOf(server: Pick<StartedServer, 'url' | 'region' | 'credentials'>, maxAttempts = 1): Clients {
  const settings = { endpoint: server.url, region: server.region, credentials: server.credentials, maxAttempts }
  const iam = new IAMClient(settings)
  const identity = new CognitoIdentityClient(settings)
  return {
    iam,
    identity,
    sts: (credentials) => new STSClient({ ...settings, credentials }),
    destroy: () => {
      for (const client of [iam, identity]) client.destroy()
    },
  }
}

export interface AccountLedger {
  poolId: string
  policyArn: string
  /** Of the round that runs, or ran last. */
  round: Acknowledged[]
  /** A few of each earlier round. */
  earlier: Acknowledged[]
  /** Names of users that must be listed. */
  users: Set<string>
  /** What was under way: each is whole afterwards or not there at all. */
  unclear: Set<Unclear>
  /** The role of the pool that was acknowledged last, and one that was sent after it. */
  poolRole: { acknowledged: string; sent: string | undefined }
  counts: Record<What, number>
  names: number
}

interface Unclear {
  name: string
  whole(clients: Clients, ledger: AccountLedger): Promise<void>
}

const TRUST = policy({ Action: 'sts:AssumeRole', Principal: { Service: 'ec2.amazonaws.com' } })
const ALLOW = policy({ Action: 's3:GetObject' })
const GROUP = 'lasting'

/** An empty ledger, and what lives through all rounds. */
export async function newAccountLedger({ iam, identity }: Clients): Promise<AccountLedger> {
  const { IdentityPoolId } = await identity.send(
    new CreateIdentityPoolCommand({
      IdentityPoolName: 'faults',
      AllowUnauthenticatedIdentities: false,
      DeveloperProviderName: PROVIDER,
    }),
  )
  const { Policy } = await iam.send(new CreatePolicyCommand({ PolicyName: 'lasting', PolicyDocument: ALLOW }))
  await iam.send(new CreateGroupCommand({ GroupName: GROUP }))
  const acknowledged = roleArn('none')
  await identity.send(new SetIdentityPoolRolesCommand({ IdentityPoolId, Roles: { authenticated: acknowledged } }))
  return {
    poolId: IdentityPoolId as string,
    policyArn: Policy?.Arn as string,
    round: [],
    earlier: [],
    users: new Set(),
    unclear: new Set(),
    poolRole: { acknowledged, sent: undefined },
    counts: {
      role: 0,
      attachment: 0,
      user: 0,
      key: 0,
      membership: 0,
      deletion: 0,
      login: 0,
      'pool roles': 0,
    },
    names: 0,
  }
}

const roleArn = (name: string): string => `arn:aws:iam::000000000000:role/${name}`

/** Starts the writers. */
export function startAccountLoad(clients: Clients, ledger: AccountLedger): Load {
  ledger.earlier.push(...ledger.round.filter((_, index) => index % 10 === 0))
  ledger.round = []
  return runWriters(writers, { ...clients, ledger }, () => ledger.round.length)
}

// Writers

interface Tried extends Clients {
  ledger: AccountLedger
}

const writers: readonly ((tried: Tried) => Promise<void>)[] = [
  createRole,
  createUserWithKey,
  createAndDelete,
  firstLogin,
  firstLogin,
  setPoolRole,
]

async function createRole({ iam, ledger }: Tried): Promise<void> {
  const RoleName = `role-${++ledger.names}`
  const end = begin(ledger, RoleName, async (clients) => {
    const creation = clients.iam.send(new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument: TRUST }))
    await creation.catch(unless('EntityAlreadyExistsException'))
    await clients.iam.send(new GetRoleCommand({ RoleName }))
  })
  await iam.send(new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument: TRUST }))
  end()
  await iam.send(new PutRolePolicyCommand({ RoleName, PolicyName: 'inline', PolicyDocument: ALLOW }))
  note(ledger, 'role', async (clients) => {
    await clients.iam.send(new GetRolePolicyCommand({ RoleName, PolicyName: 'inline' }))
  })
  const PolicyArn = ledger.policyArn
  await iam.send(new AttachRolePolicyCommand({ RoleName, PolicyArn }))
  note(ledger, 'attachment', async (clients) => {
    const { AttachedPolicies } = await clients.iam.send(new ListAttachedRolePoliciesCommand({ RoleName }))
    if (AttachedPolicies?.[0]?.PolicyArn !== PolicyArn) throw new Error(`${RoleName} has lost its policy.`)
  })
}

async function createUserWithKey(tried: Tried): Promise<void> {
  const { iam, ledger } = tried
  const UserName = `user-${++ledger.names}`
  const end = begin(ledger, UserName, (clients) => userIsWhole(clients, ledger, UserName))
  await iam.send(new CreateUserCommand({ UserName }))
  end()
  ledger.users.add(UserName)
  note(ledger, 'user', async (clients) => void (await clients.iam.send(new GetUserCommand({ UserName }))))
  const kept = await createKey(tried, UserName)
  const who = `arn:aws:iam::000000000000:user/${UserName}`
  note(ledger, 'key', async (clients) => {
    const arn = await ask(clients, kept)
    if (arn !== who) throw new Error(`The key of ${UserName} is ${arn}'s.`)
  })
  const deleted = await createKey(tried, UserName)
  await iam.send(new DeleteAccessKeyCommand({ UserName, AccessKeyId: deleted.accessKeyId }))
  note(ledger, 'deletion', (clients) => refused('a deleted key', 'InvalidClientTokenId', ask(clients, deleted)))
  await iam.send(new AddUserToGroupCommand({ GroupName: GROUP, UserName }))
  note(ledger, 'membership', async (clients) => {
    const { Groups } = await clients.iam.send(new ListGroupsForUserCommand({ UserName }))
    if (Groups?.length !== 1) throw new Error(`${UserName} is in ${Groups?.length} groups.`)
  })
}

async function createAndDelete({ iam, ledger }: Tried): Promise<void> {
  const UserName = `deleted-${++ledger.names}`
  const end = begin(ledger, UserName, (clients) => userIsWhole(clients, ledger, UserName))
  await iam.send(new CreateUserCommand({ UserName }))
  await iam.send(new AddUserToGroupCommand({ GroupName: GROUP, UserName }))
  await iam.send(new RemoveUserFromGroupCommand({ GroupName: GROUP, UserName }))
  await iam.send(new DeleteUserCommand({ UserName }))
  end()
  note(ledger, 'deletion', (clients) =>
    refused(`the deleted ${UserName}`, 'NoSuchEntityException', clients.iam.send(new GetUserCommand({ UserName }))),
  )
}

async function firstLogin({ identity, ledger }: Tried): Promise<void> {
  const user = `login-${++ledger.names}`
  const end = begin(ledger, user, async (clients) => {
    const id = await login(clients.identity, ledger.poolId, user)
    await identityIs(clients, ledger.poolId, user, id)
  })
  const id = await login(identity, ledger.poolId, user)
  end()
  note(ledger, 'login', async (clients) => {
    await identityIs(clients, ledger.poolId, user, id)
    if ((await login(clients.identity, ledger.poolId, user)) !== id) throw new Error(`${user} has another identity.`)
  })
}

/** One pool over all rounds. */
async function setPoolRole({ identity, ledger }: Tried): Promise<void> {
  const sent = roleArn(`pool-${++ledger.names}`)
  ledger.poolRole.sent = sent
  await identity.send(
    new SetIdentityPoolRolesCommand({ IdentityPoolId: ledger.poolId, Roles: { authenticated: sent } }),
  )
  ledger.poolRole = { acknowledged: sent, sent: undefined }
  ledger.counts['pool roles']++
}

function begin(ledger: AccountLedger, name: string, whole: Unclear['whole']): () => void {
  const unclear = { name, whole }
  ledger.unclear.add(unclear)
  return () => void ledger.unclear.delete(unclear)
}

function note(ledger: AccountLedger, what: What, holds: Acknowledged['holds']): void {
  ledger.counts[what]++
  ledger.round.push({ what, holds })
}

async function createKey({ iam }: Clients, UserName: string): Promise<Key> {
  const { AccessKey } = await iam.send(new CreateAccessKeyCommand({ UserName }))
  return { accessKeyId: AccessKey?.AccessKeyId as string, secretAccessKey: AccessKey?.SecretAccessKey as string }
}

async function ask(clients: Clients, key: Key): Promise<string> {
  const sts = clients.sts(key)
  try {
    return (await sts.send(new GetCallerIdentityCommand({}))).Arn as string
  } finally {
    sts.destroy()
  }
}

async function login(identity: CognitoIdentityClient, IdentityPoolId: string, user: string): Promise<string> {
  const answer = await identity.send(
    new GetOpenIdTokenForDeveloperIdentityCommand({ IdentityPoolId, Logins: { [PROVIDER]: user } }),
  )
  return answer.IdentityId as string
}

// Checks after a restart

/** Rejects when the restarted server lost anything of the last round, or of the sample of earlier ones. */
export async function expectAccountKept(clients: Clients, ledger: AccountLedger): Promise<void> {
  await inParallel([...ledger.round, ...ledger.earlier.slice(-EARLIER_ASKED)], ({ what, holds }) =>
    holds(clients).catch((error: Error) => {
      throw new Error(`An acknowledged ${what} was lost: ${error.name}: ${error.message}`)
    }),
  )
  const { Roles } = await clients.identity.send(new GetIdentityPoolRolesCommand({ IdentityPoolId: ledger.poolId }))
  const role = Roles?.['authenticated'] as string
  if (![ledger.poolRole.acknowledged, ledger.poolRole.sent].includes(role))
    throw new Error(`The pool has the role ${role}, not ${JSON.stringify(ledger.poolRole)}.`)
  ledger.poolRole = { acknowledged: role, sent: undefined }
  await inParallel([...ledger.unclear], ({ name, whole }) =>
    whole(clients, ledger).catch((error: Error) => {
      throw new Error(`${name} is not whole: ${error.name}: ${error.message}`)
    }),
  )
  ledger.unclear.clear()
}

/** Rejects when anything that is listed is not there, or the other way round. */
export async function expectListsWhole(clients: Clients, ledger: AccountLedger): Promise<void> {
  const listed = new Set<string>()
  for (let Marker: string | undefined, more = true; more; ) {
    const page = await clients.iam.send(new ListUsersCommand({ Marker }))
    for (const { UserName } of page.Users ?? []) listed.add(UserName as string)
    Marker = page.Marker
    more = page.IsTruncated === true
  }
  const missing = [...ledger.users].filter((name) => !listed.has(name))
  if (missing.length > 0) throw new Error(`Not listed: ${missing.join(', ')}`)
  for (let Marker: string | undefined, more = true; more; ) {
    const page = await clients.iam.send(new GetGroupCommand({ GroupName: GROUP, Marker }))
    for (const { UserName } of page.Users ?? [])
      if (!listed.has(UserName as string)) throw new Error(`The group has ${UserName}, who is not there.`)
    Marker = page.Marker
    more = page.IsTruncated === true
  }
  // This pool has no guests: an identity without a login was written by half.
  let NextToken: string | undefined
  do {
    const page = await clients.identity.send(
      new ListIdentitiesCommand({ IdentityPoolId: ledger.poolId, MaxResults: 60, NextToken }),
    )
    for (const { IdentityId, Logins } of page.Identities ?? [])
      if (Logins?.length !== 1) throw new Error(`The identity ${IdentityId} has ${Logins?.length ?? 0} logins.`)
    NextToken = page.NextToken
  } while (NextToken !== undefined)
}

/** A user whose creation or deletion was not acknowledged can be made, read and deleted like any other. */
async function userIsWhole({ iam }: Clients, ledger: AccountLedger, UserName: string): Promise<void> {
  const creation = iam.send(new CreateUserCommand({ UserName }))
  await creation.catch(unless('EntityAlreadyExistsException'))
  await iam.send(new GetUserCommand({ UserName }))
  ledger.users.add(UserName)
}

/** The user's login finds the identity, and the identity lists the user. */
async function identityIs(
  { identity }: Clients,
  IdentityPoolId: string,
  user: string,
  expected: string,
): Promise<void> {
  const found = await identity.send(
    new LookupDeveloperIdentityCommand({ IdentityPoolId, DeveloperUserIdentifier: user, MaxResults: 1 }),
  )
  if (found.IdentityId !== expected) throw new Error(`${user} is ${found.IdentityId}, not ${expected}.`)
  const { Logins } = await identity.send(new DescribeIdentityCommand({ IdentityId: expected }))
  if (Logins?.join() !== PROVIDER) throw new Error(`The identity of ${user} has the logins ${Logins}.`)
}

const unless =
  (name: string) =>
  (error: Error): void => {
    if (error.name !== name) throw error
  }
