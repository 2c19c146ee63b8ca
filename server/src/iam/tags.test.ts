import {
  CreateOpenIDConnectProviderCommand,
  CreatePolicyCommand,
  CreateRoleCommand,
  CreateSAMLProviderCommand,
  CreateServiceLinkedRoleCommand,
  CreateUserCommand,
  type IAMClient,
  ListOpenIDConnectProviderTagsCommand,
  ListPolicyTagsCommand,
  ListRoleTagsCommand,
  ListSAMLProviderTagsCommand,
  ListUserTagsCommand,
  type Tag,
  TagOpenIDConnectProviderCommand,
  TagPolicyCommand,
  TagRoleCommand,
  TagSAMLProviderCommand,
  TagUserCommand,
  UntagOpenIDConnectProviderCommand,
  UntagPolicyCommand,
  UntagRoleCommand,
  UntagSAMLProviderCommand,
  UntagUserCommand,
} from '@aws-sdk/client-iam'
import { beforeAll, describe, expect, it } from 'vitest'
import { iamClient } from '../../test/aws-clients.ts'
import { engines, expectRefusal, useTestServer } from '../../test/harness.ts'
import { expectDenied, makeIamUser, policy } from '../../test/iam.ts'
import { type Call, onEngines, type PageInput, type PageOutput } from '../../test/iam-holders.ts'
import { metadata } from '../../test/saml-provider.ts'

type Row = {
  kind: string
  /** Creates an entity and returns how requests name it: by its ARN, or by its name in another case. */
  make: (iam: IAMClient, name: string, Tags?: Tag[]) => Promise<string>
  /** The ARN of the entity that requests name so. */
  arnOf: (account: string, named: string) => string
  tag: Call<{ Tags: Tag[] }, unknown>
  untag: Call<{ TagKeys: string[] }, unknown>
  list: Call<PageInput, PageOutput & { Tags?: Tag[] | undefined }>
  /** How requests name an unknown entity, and the text of the refusal. */
  absent: (account: string, named: string) => [named: string, message: string][]
  /** Texts that are not an ARN of this kind. */
  unparsed: string[]
}

const byName = (kind: 'user' | 'role'): Pick<Row, 'kind' | 'arnOf' | 'absent' | 'unparsed'> => ({
  kind,
  arnOf: (account, named) => `${account}:${kind}/${named.charAt(0).toUpperCase()}${named.slice(1)}`,
  absent: () => [['nobody', `The ${kind} with name nobody cannot be found.`]],
  unparsed: [],
})

const byArn = (text: (arn: string) => string): Pick<Row, 'arnOf' | 'absent' | 'unparsed'> => ({
  arnOf: (_account, named) => named,
  absent: (_account, named) => [[`${named}x`, text(`${named}x`)]],
  unparsed: ['arn:aws:iam::123456789012:role/provider'],
})

const rows: readonly Row[] = [
  {
    ...byName('user'),
    make: async (iam, UserName, Tags) => {
      await iam.send(new CreateUserCommand({ UserName, Tags }))
      return UserName.toLowerCase()
    },
    tag: { operation: 'TagUser', send: (iam, UserName, rest) => iam.send(new TagUserCommand({ UserName, ...rest })) },
    untag: {
      operation: 'UntagUser',
      send: (iam, UserName, rest) => iam.send(new UntagUserCommand({ UserName, ...rest })),
    },
    list: {
      operation: 'ListUserTags',
      send: (iam, UserName, rest) => iam.send(new ListUserTagsCommand({ UserName, ...rest })),
    },
  },
  {
    ...byName('role'),
    make: async (iam, RoleName, Tags) => {
      const AssumeRolePolicyDocument = policy({ Action: 'sts:AssumeRole', Principal: { Service: 'x.amazonaws.com' } })
      await iam.send(new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument, Tags }))
      return RoleName.toLowerCase()
    },
    tag: { operation: 'TagRole', send: (iam, RoleName, rest) => iam.send(new TagRoleCommand({ RoleName, ...rest })) },
    untag: {
      operation: 'UntagRole',
      send: (iam, RoleName, rest) => iam.send(new UntagRoleCommand({ RoleName, ...rest })),
    },
    list: {
      operation: 'ListRoleTags',
      send: (iam, RoleName, rest) => iam.send(new ListRoleTagsCommand({ RoleName, ...rest })),
    },
  },
  {
    kind: 'policy',
    make: async (iam, PolicyName, Tags) => {
      const PolicyDocument = policy({ Action: 'iam:GetUser' })
      return (await iam.send(new CreatePolicyCommand({ PolicyName, PolicyDocument, Tags }))).Policy?.Arn as string
    },
    ...byArn((arn) => `Policy ${arn} was not found.`),
    absent: (account) =>
      [
        `${account}:policy/none`,
        `${account}:policy/tagged`,
        `${account}:policy/x/Tagged`,
        `${account}:role/Tagged`,
        'arn:aws:iam::999999999999:policy/Tagged',
        'arn:aws:iam::aws:policy/NoSuchAccess',
      ].map((arn) => [arn, `Policy ${arn} was not found.`]),
    unparsed: ['longpolicynamebutnoarn'],
    tag: {
      operation: 'TagPolicy',
      send: (iam, PolicyArn, rest) => iam.send(new TagPolicyCommand({ PolicyArn, ...rest })),
    },
    untag: {
      operation: 'UntagPolicy',
      send: (iam, PolicyArn, rest) => iam.send(new UntagPolicyCommand({ PolicyArn, ...rest })),
    },
    list: {
      operation: 'ListPolicyTags',
      send: (iam, PolicyArn, rest) => iam.send(new ListPolicyTagsCommand({ PolicyArn, ...rest })),
    },
  },
  {
    kind: 'OpenID Connect provider',
    make: async (iam, name, Tags) => {
      const call = new CreateOpenIDConnectProviderCommand({ Url: `https://${name.toLowerCase()}.example.com`, Tags })
      return (await iam.send(call)).OpenIDConnectProviderArn as string
    },
    ...byArn((arn) => `OpenIDConnect Provider not found for arn ${arn}`),
    tag: {
      operation: 'TagOpenIDConnectProvider',
      send: (iam, OpenIDConnectProviderArn, rest) =>
        iam.send(new TagOpenIDConnectProviderCommand({ OpenIDConnectProviderArn, ...rest })),
    },
    untag: {
      operation: 'UntagOpenIDConnectProvider',
      send: (iam, OpenIDConnectProviderArn, rest) =>
        iam.send(new UntagOpenIDConnectProviderCommand({ OpenIDConnectProviderArn, ...rest })),
    },
    list: {
      operation: 'ListOpenIDConnectProviderTags',
      send: (iam, OpenIDConnectProviderArn, rest) =>
        iam.send(new ListOpenIDConnectProviderTagsCommand({ OpenIDConnectProviderArn, ...rest })),
    },
  },
  {
    kind: 'SAML provider',
    make: async (iam, Name, Tags) => {
      const call = new CreateSAMLProviderCommand({ Name, SAMLMetadataDocument: metadata(), Tags })
      return (await iam.send(call)).SAMLProviderArn as string
    },
    ...byArn((arn) => `Manifest not found for arn ${arn}`),
    tag: {
      operation: 'TagSAMLProvider',
      send: (iam, SAMLProviderArn, rest) => iam.send(new TagSAMLProviderCommand({ SAMLProviderArn, ...rest })),
    },
    untag: {
      operation: 'UntagSAMLProvider',
      send: (iam, SAMLProviderArn, rest) => iam.send(new UntagSAMLProviderCommand({ SAMLProviderArn, ...rest })),
    },
    list: {
      operation: 'ListSAMLProviderTags',
      send: (iam, SAMLProviderArn, rest) => iam.send(new ListSAMLProviderTagsCommand({ SAMLProviderArn, ...rest })),
    },
  },
]

const tagsOf = (...keys: string[]): Tag[] => keys.map((Key) => ({ Key, Value: Key.slice(0, 1).toUpperCase() }))

describe.each(onEngines(rows))('tags: $kind ($engine)', ({ engine, make, arnOf, absent, unparsed, ...calls }) => {
  const server = useTestServer({ engine })
  const tag = (named: string, ...Tags: Tag[]) => calls.tag.send(iamClient(server), named, { Tags })
  const untag = (named: string, ...TagKeys: string[]) => calls.untag.send(iamClient(server), named, { TagKeys })
  const list = (named: string, page: PageInput = {}) => calls.list.send(iamClient(server), named, page)
  const shown = async (named: string) => (await list(named)).Tags?.map(({ Key, Value }) => `${Key}=${Value}`)
  const account = () => `arn:aws:iam::${server.accountId}`
  let tagged: string

  beforeAll(async () => {
    tagged = await make(iamClient(server), 'Tagged')
  })

  describe(calls.tag.operation, () => {
    it('adds tags, and replaces a tag whose key differs in case', async () => {
      const named = await make(iamClient(server), 'Replaced', tagsOf('b', 'a', '__proto__'))
      await tag(named, { Key: 'Team', Value: 'x' }, { Key: 'constructor', Value: '' }, { Key: 'A', Value: 'new' })
      await tag(named, { Key: 'tEAM', Value: 'y' }, { Key: '__proto__', Value: '' })
      expect(await shown(named)).toEqual(['A=new', '__proto__=', 'b=B', 'constructor=', 'tEAM=y'])
    })

    it('loses no tag in concurrent requests', async () => {
      const named = await make(iamClient(server), 'Busy')
      const keys = Array.from({ length: 8 }, (_, index) => `k${index}`)
      await Promise.all(keys.map((Key) => tag(named, { Key, Value: '' })))
      expect(await shown(named)).toEqual(keys.map((key) => `${key}=`))
    })

    it('LimitExceeded for more than 50 tags, also in concurrent requests', async () => {
      const named = await make(iamClient(server), 'Full', tagsOf('a', 'b', 'c'))
      const few = (name: string) =>
        tag(named, ...tagsOf(...Array.from({ length: 10 }, (_, index) => `${name}${index}`)))
      const outcomes = await Promise.allSettled(['p', 'q', 'r', 's', 't', 'u'].map(few))
      expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(4)
      const message = 'The number of tags has reached the maximum limit.'
      for (const outcome of outcomes)
        if (outcome.status === 'rejected')
          expect(outcome.reason).toMatchObject({ name: 'LimitExceededException', message })
      await tag(named, ...tagsOf('1', '2', '3', '4', '5', '6', '7', 'A'))
      await expectRefusal(tag(named, ...tagsOf('8')), 'LimitExceededException', message)
      const many = tagsOf(...Array.from({ length: 51 }, (_, index) => `x${index}`))
      await expectRefusal(tag(named, ...many), 'ValidationError', /tags.*less than or equal to 50/)
    })

    it('InvalidInput for duplicate and reserved keys', async () => {
      const twice = 'Duplicate tag keys found. Please note that Tag keys are case insensitive.'
      await expectRefusal(tag(tagged, ...tagsOf('x', 'X')), 'InvalidInputException', twice)
      const reserved = 'The tag key AWS:x is reserved: keys that begin with aws: cannot be set.'
      await expectRefusal(tag(tagged, ...tagsOf('AWS:x')), 'InvalidInputException', reserved)
    })
  })

  describe(calls.untag.operation, () => {
    it('removes tags by keys in any case, and ignores unknown ones', async () => {
      const named = await make(iamClient(server), 'Untagged', tagsOf('Team', 'stays', '__proto__'))
      await untag(named, 'tEAM', 'none', '__proto__')
      expect(await shown(named)).toEqual(['stays=S'])
      const many = Array.from({ length: 51 }, (_, index) => `x${index}`)
      await expectRefusal(untag(named, ...many), 'ValidationError', /tagKeys.*less than or equal to 50/)
    })
  })

  describe(calls.list.operation, () => {
    it('lists tags in the order of their keys, in pages', async () => {
      const long = 'ü'.repeat(128)
      const named = await make(iamClient(server), 'Listed', tagsOf('b', long, '__proto__', 'a'))
      const first = await list(named, { MaxItems: 2 })
      expect(first).toMatchObject({ Tags: tagsOf('__proto__', 'a'), IsTruncated: true })
      const { Marker } = first
      expect(await list(named, { Marker })).toMatchObject({ Tags: tagsOf('b', long), IsTruncated: false })
      expect(await list(tagged)).toMatchObject({ Tags: [], IsTruncated: false })
      await expectRefusal(list(tagged, { Marker }), 'ValidationError', 'Invalid Marker.')
      await expectRefusal(list(named, { Marker: 'x' }), 'ValidationError', 'Invalid Marker.')
    })
  })

  describe.each([
    {
      operation: calls.tag.operation,
      call: (iam: IAMClient, named: string) => calls.tag.send(iam, named, { Tags: [] }),
    },
    {
      operation: calls.untag.operation,
      call: (iam: IAMClient, named: string) => calls.untag.send(iam, named, { TagKeys: [] }),
    },
    { operation: calls.list.operation, call: (iam: IAMClient, named: string) => calls.list.send(iam, named, {}) },
  ])('$operation', ({ operation, call }) => {
    it('NoSuchEntity for an unknown entity, ValidationError for a text that is not an ARN of its kind', async () => {
      for (const [named, message] of absent(account(), tagged))
        await expectRefusal(call(iamClient(server), named), 'NoSuchEntityException', message)
      const text = 'Invalid ARN:  Could not be parsed!'
      for (const named of unparsed) await expectRefusal(call(iamClient(server), named), 'ValidationError', text)
    })

    it('refuses callers without permission', async () => {
      await expectDenied(server, (iam) => call(iam, tagged), `iam:${operation}`, arnOf(account(), tagged))
    })
  })
})

describe.each(engines)('tags of AWS managed policies and service-linked roles (%s)', (engine) => {
  const server = useTestServer({ engine })
  const Tags = tagsOf('k')
  const PolicyArn = 'arn:aws:iam::aws:policy/ReadOnlyAccess'
  const outside = `Policy ${PolicyArn} is outside your own account.`

  it('TagPolicy: AccessDenied for an AWS managed policy', async () => {
    const call = iamClient(server).send(new TagPolicyCommand({ PolicyArn, Tags }))
    await expectRefusal(call, 'AccessDenied', outside)
  })

  it('UntagPolicy: AccessDenied for an AWS managed policy', async () => {
    const call = iamClient(server).send(new UntagPolicyCommand({ PolicyArn, TagKeys: ['k'] }))
    await expectRefusal(call, 'AccessDenied', outside)
  })

  it('ListPolicyTags: an AWS managed policy has none', async () => {
    const answer = await iamClient(server).send(new ListPolicyTagsCommand({ PolicyArn }))
    expect(answer).toMatchObject({ Tags: [], IsTruncated: false })
  })

  it('TagRole tags a service-linked role', async () => {
    const iam = iamClient(server)
    const service = new CreateServiceLinkedRoleCommand({ AWSServiceName: 'cognito-idp.amazonaws.com' })
    const RoleName = (await iam.send(service)).Role?.RoleName
    await iam.send(new TagRoleCommand({ RoleName, Tags }))
    expect((await iam.send(new ListRoleTagsCommand({ RoleName }))).Tags).toEqual(Tags)
  })
})

describe.each(engines)('TagUser by tags of the user (%s)', (engine) => {
  const server = useTestServer({ engine })

  it('is allowed and refused by a condition on aws:ResourceTag', async () => {
    const iam = iamClient(server)
    await iam.send(new CreateUserCommand({ UserName: 'Tagged', Tags: [{ Key: 'team', Value: 'b' }] }))
    await iam.send(new CreateUserCommand({ UserName: 'busy' }))
    const Condition = { StringEquals: { 'aws:ResourceTag/team': 'b' } }
    const tagger = iamClient(server, await makeIamUser(iam, 'tagger', { Action: 'iam:TagUser', Condition }))
    const call = (UserName: string) => new TagUserCommand({ UserName, Tags: [{ Key: 'k', Value: 'v' }] })
    await tagger.send(call('tagged'))
    const denied = new RegExp(`arn:aws:iam::${server.accountId}:user/busy `)
    await expectRefusal(tagger.send(call('busy')), 'AccessDenied', denied)
  })
})
