import { pino } from 'pino'
import { describe, expect, it } from 'vitest'
import { cognitoIdp } from '../cognito-idp/service.ts'
import { parseAddressRanges } from '../config/address-ranges.ts'
import type { OperationModel } from '../contract/service-model.ts'
import { systemRandom } from '../effects/random.ts'
import { ApiError, type ErrorName } from '../errors.ts'
import { iam } from '../iam/service.ts'
import { createMetrics } from '../metrics/metrics.ts'
import type { Service } from '../service.ts'
import { createSinks } from '../sinks/sinks.ts'
import { sts } from '../sts/service.ts'
import { checkError } from './check-answer.ts'
import { handleApi } from './pipeline.ts'
import { createRateLimit } from './rate-limit.ts'
import type { Route } from './routes.ts'
import { services } from './services.ts'

const routeOf = (service: Service, name: string): Route => ({
  service,
  name,
  model: service.model.operations[name] as OperationModel,
  load: async () => undefined,
})

const passes = (service: Service, operation: string, name: ErrorName): boolean => {
  const error = new ApiError(name, 'text')
  return checkError(routeOf(service, operation), error) === error
}

describe('an error of an operation', () => {
  it('may be one that its contract declares, one of the path, or one that the service is known to leave out', () => {
    expect(passes(cognitoIdp, 'GetGroup', 'ResourceNotFoundException')).toBe(true)
    expect(passes(cognitoIdp, 'GetGroup', 'SerializationException')).toBe(true)
    expect(passes(cognitoIdp, 'GlobalSignOut', 'UserNotFoundException')).toBe(true)
    expect(passes(iam, 'CreateRole', 'NoSuchEntityException')).toBe(true)
    expect(passes(sts, 'GetCallerIdentity', 'ValidationError')).toBe(true)
  })

  it('is an internal error when it is another', () => {
    expect(passes(cognitoIdp, 'GetGroup', 'UserNotFoundException')).toBe(false)
    expect(passes(cognitoIdp, 'GetGroup', 'ValidationError')).toBe(false)
    expect(passes(iam, 'ListRoles', 'NoSuchEntityException')).toBe(false)
    expect(passes(sts, 'AssumeRole', 'InvalidIdentityTokenException')).toBe(false)
  })

  it('is left alone when it is none of the API, or no operation was found', () => {
    const error = new TypeError('broken')
    expect(checkError(routeOf(cognitoIdp, 'GetGroup'), error)).toBe(error)
    const refused = new ApiError('UnknownOperationException', 'text')
    expect(checkError(undefined, refused)).toBe(refused)
  })
})

it.each([true, false])('the path answers an undeclared error, held to the contract: %s', async (checkOutputs) => {
  const lines: string[] = []
  const route: Route = {
    ...routeOf(cognitoIdp, 'ForgotPassword'),
    service: { ...cognitoIdp, identify: async () => ({ caller: { kind: 'anonymous' } }) },
    load: async () => () => Promise.reject(new ApiError('GroupExistsException', 'A group exists.')),
  }
  const parts = {
    context: {
      random: systemRandom(),
      clock: { now: () => 0 },
      database: { ofRequest: () => ({}) },
      requestRates: { admit: async () => true },
      metrics: createMetrics(),
      sinks: createSinks({
        places: [],
        clock: { now: () => 0 },
        random: systemRandom(),
        log: pino({ level: 'silent' }),
      }),
      log: pino({}, { write: (line) => void lines.push(line) }),
    },
    routes: { find: () => route },
    rates: createRateLimit({ callsPerMinute: 0, exempt: parseAddressRanges('') as never }, () => 0),
    checkOutputs,
  }
  const body = Buffer.from('{"ClientId":"abc","Username":"ann"}')
  const request = { method: 'POST', rawPath: '/', rawQuery: '', headers: [], remoteAddress: undefined, body }
  const answer = await handleApi(parts as never, request)
  if (checkOutputs) {
    expect(answer).toMatchObject({ status: 500, body: expect.stringContaining('"InternalErrorException"') })
    expect(lines.join()).toContain(
      'cognito-idp ForgotPassword answered GroupExistsException, which its contract does not declare: A group exists.',
    )
  } else expect(answer).toMatchObject({ status: 400, body: expect.stringContaining('"GroupExistsException"') })
})

it('what a service is said to leave out, its contract does leave out of some list', () => {
  for (const { model, undeclaredErrors = {} } of services)
    for (const [error, { by }] of Object.entries(undeclaredErrors))
      expect(
        Object.entries(model.operations).some(
          ([name, operation]) => (by?.(name, operation) ?? true) && !operation.errors.includes(error),
        ),
        `${model.service} ${error}`,
      ).toBe(true)
})
