import { describe, expect, it } from 'vitest'
import { readRoute, readRoutes, routeTarget } from './gate-routes.ts'

const good = { action: 'orders:Read', resource: '*' }

describe('a route', () => {
  it('is for execute-api unless it says otherwise', () => {
    expect(readRoute(good)).toEqual({ ...good, service: 'execute-api' })
    expect(
      readRoute({ ...good, service: 'orders', scopes: ['a'], userPools: [], clients: ['c'], role: 'groups' }),
    ).toEqual({
      ...good,
      service: 'orders',
      scopes: ['a'],
      userPools: [],
      clients: ['c'],
      role: 'groups',
    })
  })

  it.each([
    [{ resource: '*' }, 'action must be service:Action.'],
    [{ action: 'orders', resource: '*' }, 'action must be service:Action.'],
    [{ action: '*', resource: '*' }, 'action must be service:Action.'],
    [{ action: 'orders:*', resource: '*' }, 'action must be service:Action.'],
    [{ action: 'orders:Read' }, 'resource must be an ARN or *.'],
    [{ ...good, resource: '' }, 'resource must be text.'],
    [{ ...good, action: 7 }, 'action must be text.'],
    [{ ...good, scopes: 'a' }, 'scopes must be a list of texts.'],
    [{ ...good, clients: [1] }, 'clients must be a list of texts.'],
    [{ ...good, role: 'admin' }, 'role must be the ARN of a role, or groups.'],
    [{ ...good, colour: 'red' }, 'colour is no setting of a route.'],
    [{ ...good, resource: 'arn:{user}' }, '{user} is no placeholder; there are {method}, {path} and {host}.'],
    [{ ...good, resource: 'arn:{path' }, '{path is no placeholder; there are {method}, {path} and {host}.'],
  ])('%j: %s', (given, problem) => {
    expect(readRoute(given)).toEqual({ problem })
  })

  it.each(['{path}', 'arn:{method}', 'arn:aws:shop:{host}:1:{path}', 'arn:aws:shop:us-east-1:1:', 'orders/*'])(
    'placeholders stand in the last part of an ARN: %s',
    (resource) => {
      const problem = 'resource must be *, or an ARN with placeholders in its last part only.'
      expect(readRoute({ ...good, resource })).toEqual({ problem })
    },
  )
})

describe('a file of routes', () => {
  it('has them by name, and says everything that is wrong', () => {
    expect([...readRoutes(JSON.stringify({ orders: good, 'a-b_c': good }))].map(([name]) => name)).toEqual([
      'orders',
      'a-b_c',
    ])
    expect(() => readRoutes('[')).toThrow(/^It is not JSON/)
    expect(() => readRoutes('[]')).toThrow('It must hold an object of routes by their names.')
    expect(() => readRoutes(JSON.stringify({ 'a b': good, c: 1, d: {} }))).toThrow(
      'a b: a name has letters, digits, _ and - only. c: it must be an object. d: action must be service:Action.',
    )
  })
})

it('placeholders are parts of the request, once', () => {
  const request = { method: 'GET', path: '/a/{host}/b', host: 'shop.example.com' }
  expect(routeTarget({ action: 'orders:{method}', resource: 'arn:x:{host}/{method}/{path}' }, request)).toEqual({
    action: 'orders:GET',
    resource: 'arn:x:shop.example.com/GET/a/{host}/b',
  })
})
