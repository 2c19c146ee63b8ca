// The resource of a request. Authorization is tested with the operations.
import { describe, expect, test } from 'vitest'
import type { Context } from '../context.ts'
import type { AnyCaller } from '../operation.ts'
import { type Entity, entityKey } from './entity-types.ts'
import { iamResource } from './resource.ts'

const tags = [{ Key: '__proto__', Value: 'x' }]
const entities = [
  { kind: 'user', settings: { name: 'Ada', path: '/p/', tags } },
  { kind: 'group', settings: { name: 'Staff', path: '/g/' } },
  { kind: 'policy', settings: { name: 'Own', path: '/o/', tags } },
  { kind: 'oidc-provider', settings: { url: 'id.example.com/x', tags } },
].map((entity) => entity as unknown as Entity)
const keyOf = ({ kind, settings }: Entity) =>
  entityKey(kind, (settings as never)[kind === 'oidc-provider' ? 'url' : 'name'])
const find = async (key: string) => entities.find((entity) => keyOf(entity) === key)
const context = {
  config: { accountId: '123456789012' },
  iam: {
    entity: (kind: never, name: string) => find(entityKey(kind, name)),
    byKey: (_kind: never, key: string) => find(key),
    forget: () => {},
    accessKey: async (id: string) => (id === 'AKIA' ? { userKey: 'user/ada' } : undefined),
  },
} as unknown as Context
const ada = { kind: 'signed', principal: { kind: 'user', user: entities[0] } } as unknown as AnyCaller

const iam = 'arn:aws:iam::123456789012:'
const arnOf = async (operation: string, input: Record<string, unknown>, caller: AnyCaller = ada) =>
  (await iamResource(context, operation, input, { caller }))[0]?.arn

describe('iamResource', () => {
  test.each<[string, Record<string, unknown>, string]>([
    ['GetUser', { UserName: 'ADA' }, `${iam}user/p/Ada`],
    ['GetUser', { UserName: 'none' }, `${iam}user/none`],
    ['GetUser', {}, `${iam}user/p/Ada`],
    ['CreateAccessKey', { UserName: 'ada' }, `${iam}user/p/Ada`],
    ['ListAccessKeys', {}, `${iam}user/p/Ada`],
    ['DeleteAccessKey', { AccessKeyId: 'AKIA' }, `${iam}user/p/Ada`],
    ['ListMFADevices', {}, `${iam}user/p/Ada`],
    ['GetAccessKeyLastUsed', { AccessKeyId: 'AKIA' }, `${iam}user/p/Ada`],
    ['GetAccessKeyLastUsed', { AccessKeyId: 'other' }, '*'],
    ['CreateUser', { UserName: 'ada', Path: '/new/' }, `${iam}user/new/ada`],
    ['CreateGroup', { GroupName: 'staff' }, `${iam}group/staff`],
    ['AddUserToGroup', { UserName: 'ada', GroupName: 'staff' }, `${iam}group/g/Staff`],
    ['AttachUserPolicy', { UserName: 'ada', PolicyArn: `${iam}policy/o/Own` }, `${iam}user/p/Ada`],
    ['CreatePolicy', { PolicyName: 'Own', Path: '/q/' }, `${iam}policy/q/Own`],
    ['GetPolicy', { PolicyArn: `${iam}policy/o/Own` }, `${iam}policy/o/Own`],
    ['GetPolicy', { PolicyArn: 'nonsense' }, 'nonsense'],
    ['CreateOpenIDConnectProvider', { Url: 'https://id.example.com/y' }, `${iam}oidc-provider/id.example.com/y`],
    ['CreateOpenIDConnectProvider', { Url: 'nonsense' }, `${iam}oidc-provider/*`],
    ['CreateSAMLProvider', { Name: 'Corp' }, `${iam}saml-provider/Corp`],
    ['ListUsers', {}, '*'],
    ['ListUsers', { PathPrefix: '/p/' }, '*'],
    ['ListPolicies', {}, '*'],
    ['constructor', {}, '*'],
  ])('%s %o is about %s', async (operation, input, arn) => {
    expect(await arnOf(operation, input)).toBe(arn)
  })

  test('a new name or path is authorized as well', async () => {
    const all = async (operation: string, input: Record<string, unknown>) =>
      (await iamResource(context, operation, input)).map(({ arn }) => arn)
    expect(await all('UpdateUser', { UserName: 'ada', NewUserName: 'Eve' })).toEqual([
      `${iam}user/p/Ada`,
      `${iam}user/p/Eve`,
    ])
    expect(await all('UpdateGroup', { GroupName: 'staff', NewPath: '/z/' })).toEqual([
      `${iam}group/g/Staff`,
      `${iam}group/z/Staff`,
    ])
    expect(await all('UpdateUser', { UserName: 'ada' })).toEqual([`${iam}user/p/Ada`])
    expect(await all('UpdateUser', { UserName: 'none', NewUserName: 'Eve' })).toEqual([
      `${iam}user/none`,
      `${iam}user/Eve`,
    ])
    expect(await all('UpdateGroup', { GroupName: 'none', NewPath: '/z/' })).toEqual([
      `${iam}group/none`,
      `${iam}group/z/none`,
    ])
  })

  test('an operation on the caller has the resource * when the caller is not a user', async () => {
    expect(await arnOf('GetUser', {}, { kind: 'signed', principal: { kind: 'root' } } as AnyCaller)).toBe('*')
  })

  test('tags are included, for users and for entities that an ARN names exactly', async () => {
    const tagged = async (operation: string, input: Record<string, unknown>) =>
      Object.entries((await iamResource(context, operation, input))[0]?.tags ?? {})
    expect(await tagged('GetUser', { UserName: 'ada' })).toEqual([['__proto__', 'x']])
    expect(await tagged('GetPolicy', { PolicyArn: `${iam}policy/o/Own` })).toEqual([['__proto__', 'x']])
    expect(await tagged('GetPolicy', { PolicyArn: `${iam}policy/Own` })).toEqual([])
    const OpenIDConnectProviderArn = `${iam}oidc-provider/id.example.com/x`
    expect(await tagged('GetOpenIDConnectProvider', { OpenIDConnectProviderArn })).toEqual([['__proto__', 'x']])
  })
})
