// Terms of use and privacy policies of app clients, through the API.
import {
  CreateTermsCommand,
  DeleteTermsCommand,
  DeleteUserPoolClientCommand,
  DescribeTermsByClientCommand,
  DescribeTermsCommand,
  ListTermsCommand,
  type TermsType,
  UpdateTermsCommand,
} from '@aws-sdk/client-cognito-identity-provider'
import { describe, expect, it } from 'vitest'
import { engines, expectRefusal, makeClient, makePool, usePool, useTestServer } from '../../../test/harness.ts'

const LINKS = { 'cognito:default': 'https://example.com/terms', 'cognito:german': 'https://example.com/agb?x=1' }
const UUID_4 = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/
const GONE = ['ResourceNotFoundException', 'Terms do not exist.'] as const

describe.each(engines)('terms on %s', (engine) => {
  const server = useTestServer({ engine })
  const at = usePool(server)

  const create = (more: object = {}) =>
    server.admin.send(
      new CreateTermsCommand({
        UserPoolId: at.poolId,
        ClientId: at.clientId,
        TermsName: 'terms-of-use',
        TermsSource: 'LINK',
        Enforcement: 'NONE',
        Links: LINKS,
        ...more,
      }),
    )
  const made = async (more: object = {}): Promise<TermsType> => {
    const { ClientId } = await makeClient(server, at.poolId)
    return (await create({ ClientId, ...more })).Terms as TermsType
  }
  const describeTerms = (TermsId?: string, UserPoolId = at.poolId) =>
    server.admin.send(new DescribeTermsCommand({ UserPoolId, TermsId }))
  const update = (TermsId: string | undefined, changes: object) =>
    server.admin.send(new UpdateTermsCommand({ UserPoolId: at.poolId, TermsId, ...changes }))

  it('are shown as they were made, by their id and by client and name', async () => {
    const terms = await made()
    expect(terms).toEqual({
      TermsId: expect.stringMatching(UUID_4),
      UserPoolId: at.poolId,
      ClientId: terms.ClientId,
      TermsName: 'terms-of-use',
      TermsSource: 'LINK',
      Enforcement: 'NONE',
      Links: LINKS,
      CreationDate: expect.any(Date),
      LastModifiedDate: terms.CreationDate,
    })
    expect((await describeTerms(terms.TermsId)).Terms).toEqual(terms)
    const of = { UserPoolId: at.poolId, ClientId: terms.ClientId }
    const byClient = (TermsName: string) => server.admin.send(new DescribeTermsByClientCommand({ ...of, TermsName }))
    expect((await byClient('terms-of-use')).Terms).toEqual(terms)
    await expectRefusal(byClient('privacy-policy'), ...GONE)
  })

  it('are one for each client and name, also when many ask at once', async () => {
    const { ClientId } = await makeClient(server, at.poolId)
    const answers = await Promise.allSettled(Array.from({ length: 8 }, () => create({ ClientId })))
    expect(answers.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
    const message = 'Terms terms-of-use already exist for this app client.'
    for (const answer of answers)
      if (answer.status === 'rejected') expect(answer.reason).toMatchObject({ name: 'TermsExistsException', message })
    await create({ ClientId, TermsName: 'privacy-policy' })
  })

  it('change in what is named alone, and take no name that the client has', async () => {
    const terms = await made()
    server.clock.advance(5000)
    const changed = await update(terms.TermsId, { Links: { 'cognito:default': 'https://example.com/new' } })
    expect(changed.Terms).toMatchObject({
      ...terms,
      Links: { 'cognito:default': 'https://example.com/new' },
      LastModifiedDate: expect.any(Date),
    })
    expect(Number(changed.Terms?.LastModifiedDate)).toBeGreaterThan(Number(terms.LastModifiedDate))
    const policy = await create({ ClientId: terms.ClientId, TermsName: 'privacy-policy' })
    await expectRefusal(
      update(policy.Terms?.TermsId, { TermsName: 'terms-of-use' }),
      'TermsExistsException',
      'Terms terms-of-use already exist for this app client.',
    )
    expect((await describeTerms(policy.Terms?.TermsId)).Terms).toEqual(policy.Terms)
    await server.admin.send(new DeleteTermsCommand({ UserPoolId: at.poolId, TermsId: terms.TermsId }))
    expect((await update(policy.Terms?.TermsId, { TermsName: 'terms-of-use' })).Terms).toMatchObject({
      TermsId: policy.Terms?.TermsId,
      TermsName: 'terms-of-use',
    })
  })

  it('are listed in pages, with the members of descriptions', async () => {
    const { Id: UserPoolId } = await makePool(server)
    const { ClientId } = await makeClient(server, UserPoolId)
    const names = ['terms-of-use', 'privacy-policy']
    const ids: unknown[] = []
    for (const TermsName of names) ids.push((await create({ UserPoolId, ClientId, TermsName })).Terms?.TermsId)
    const seen: object[] = []
    let NextToken: string | undefined
    do {
      const page = await server.admin.send(new ListTermsCommand({ UserPoolId, MaxResults: 1, NextToken }))
      expect(page.Terms?.length).toBeLessThanOrEqual(1)
      seen.push(...(page.Terms ?? []))
      NextToken = page.NextToken
    } while (NextToken !== undefined)
    expect(seen).toHaveLength(2)
    expect(seen.map((terms) => (terms as TermsType).TermsId)).toEqual([...ids].sort())
    expect(Object.keys(seen[0] as object).sort()).toEqual(
      ['CreationDate', 'Enforcement', 'LastModifiedDate', 'TermsId', 'TermsName'].sort(),
    )
  })

  it('go with their client', async () => {
    const terms = await made()
    await server.admin.send(new DeleteUserPoolClientCommand({ UserPoolId: at.poolId, ClientId: terms.ClientId }))
    await expectRefusal(describeTerms(terms.TermsId), ...GONE)
  })

  it('refuse links that are no web pages, and links without a default', async () => {
    const at = { 'cognito:default': 'https://example.com' }
    const refused = (Links: Record<string, string> | undefined, message: string) =>
      expectRefusal(create({ Links }), 'InvalidParameterException', message)
    await refused(undefined, 'Links must have an entry for cognito:default.')
    await refused({ 'cognito:german': 'https://example.com' }, 'Links must have an entry for cognito:default.')
    const message = 'The link for cognito:french is not a valid http or https URL.'
    for (const url of ['javascript:alert(1)', 'data:text/html,x', '//example.com', 'terms', 'https://u:p@example.com'])
      await refused({ ...at, 'cognito:french': url }, message)
    const terms = await made()
    await expectRefusal(
      update(terms.TermsId, { Links: { 'cognito:german': 'https://example.com' } }),
      'InvalidParameterException',
    )
  })

  // What is not there, of another pool, and asked for without a signature.
  const calls = [
    {
      operation: 'DescribeTerms',
      send: (input: Named) => server.admin.send(new DescribeTermsCommand(input)),
    },
    {
      operation: 'UpdateTerms',
      send: (input: Named) => server.admin.send(new UpdateTermsCommand(input)),
    },
    {
      operation: 'DeleteTerms',
      send: (input: Named) => server.admin.send(new DeleteTermsCommand(input)),
    },
  ]
  it.each(calls)('$operation does not know terms of another pool, or deleted ones', async ({ send, operation }) => {
    const { TermsId } = await made()
    const other = (await makePool(server)).Id
    await expectRefusal(send({ UserPoolId: other, TermsId }), ...GONE)
    expect((await describeTerms(TermsId)).Terms).toBeDefined()
    await server.admin.send(new DeleteTermsCommand({ UserPoolId: at.poolId, TermsId }))
    await expectRefusal(send({ UserPoolId: at.poolId, TermsId }), ...GONE)
    const { json } = await server.raw(operation, { UserPoolId: at.poolId, TermsId })
    expect(json.__type).toBe('MissingAuthenticationTokenException')
  })

  const byClient = [
    { operation: 'CreateTerms', send: (input: object) => create(input) },
    {
      operation: 'DescribeTermsByClient',
      send: (input: { UserPoolId?: string }) =>
        server.admin.send(
          new DescribeTermsByClientCommand({
            UserPoolId: at.poolId,
            ClientId: at.clientId,
            TermsName: 'terms-of-use',
            ...input,
          }),
        ),
    },
    {
      operation: 'ListTerms',
      send: (input: { UserPoolId?: string }) =>
        server.admin.send(new ListTermsCommand({ UserPoolId: at.poolId, ...input })),
    },
  ]
  it.each(byClient)('$operation needs a pool, and a client of it', async ({ operation, send }) => {
    await expectRefusal(
      send({ UserPoolId: 'us-east-1_NoSuchPoo' }),
      'ResourceNotFoundException',
      'User pool us-east-1_NoSuchPoo does not exist.',
    )
    if (operation === 'ListTerms') return
    const other = await makePool(server)
    await expectRefusal(
      send({ UserPoolId: other.Id }),
      'ResourceNotFoundException',
      `User pool client ${at.clientId} does not exist.`,
    )
  })
})

interface Named {
  UserPoolId: string
  TermsId: string | undefined
}
