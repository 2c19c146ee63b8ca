// The generated contract as a whole: complete, consistent, free of AWS's prose, and equal to what the generator makes.
import { execFile } from 'node:child_process'
import { appendFileSync, cpSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { cognitoIdentityModel } from '../server/src/contract/cognito-identity.model.ts'
import { cognitoIdpModel } from '../server/src/contract/cognito-idp.model.ts'
import { cognitoSyncModel } from '../server/src/contract/cognito-sync.model.ts'
import { stsModel } from '../server/src/contract/sts.model.ts'
import { withOwnOperations } from './own-operations.mjs'
import { addNewer } from './sdk.mjs'

const contract = dirname(fileURLToPath(import.meta.url))
const root = dirname(contract)
const sdk = join(root, 'node_modules/@aws-sdk/client-cognito-identity-provider')
const models = [cognitoIdpModel, cognitoIdentityModel, cognitoSyncModel, stsModel]

const storedModel = () => JSON.parse(readFileSync(join(contract, 'models/cognito-idp.json'), 'utf8'))
/** AWS's operations that may be called so. */
const callersOf = (model, caller) =>
  Object.keys(model.operations).filter((name) => {
    const operation = model.operations[name]
    return operation.caller === caller && !operation.own
  })

describe.each(models.map((model) => [model.service, model]))('%s', (service, model) => {
  test('has every operation', () => {
    const counts = { 'cognito-idp': 140, 'cognito-identity': 23, 'cognito-sync': 17, sts: 11 }
    expect(Object.values(model.operations).filter(({ own }) => !own)).toHaveLength(counts[service])
  })

  test('refers only to shapes and errors that exist', () => {
    for (const { input, output, errors } of Object.values(model.operations)) {
      for (const end of [input, output]) if (end) expect(model.shapes[end], end).toMatchObject({ type: 'structure' })
      for (const error of errors) expect(model.errors, error).toHaveProperty(error)
    }
    for (const [name, { type, members = {}, required = [], member, key, value }] of Object.entries(model.shapes)) {
      for (const part of [...Object.values(members).map(({ shape }) => shape), member, key, value]) {
        if (part) expect(model.shapes, name).toHaveProperty(part)
      }
      if (type === 'structure') expect(Object.keys(members), name).toEqual(expect.arrayContaining(required))
    }
  })
})

test('operations of our own are marked, and may not have a name of the model', () => {
  const own = Object.keys(cognitoIdpModel.operations).filter((name) => cognitoIdpModel.operations[name].own)
  expect(own).toEqual(Object.keys(JSON.parse(readFileSync(join(contract, 'own/cognito-idp.json'), 'utf8')).operations))
  const taken = storedModel()
  taken.operations[own[0]] = {}
  expect(() => withOwnOperations('cognito-idp', taken)).toThrow(`adds ${own[0]}`)
  expect(withOwnOperations('sts', taken)).toBe(taken)
})

test('no documentation is stored', () => {
  for (const directory of [join(contract, 'models'), join(root, 'server/src/contract')]) {
    for (const file of readdirSync(directory)) {
      expect(readFileSync(join(directory, file), 'utf8'), file).not.toMatch(/"documentation"|<p>|<code>/)
    }
  }
})

describe('callers', () => {
  test('anyone may call what needs no credentials', () => {
    expect(callersOf(cognitoIdpModel, 'public')).toEqual([
      ...[
        'ConfirmForgotPassword',
        'ConfirmSignUp',
        'ForgotPassword',
        'GetClientToken',
        'GetTokensFromRefreshToken',
        'InitiateAuth',
      ],
      ...['ResendConfirmationCode', 'RespondToAuthChallenge', 'RevokeToken', 'SignUp', 'UpdateAuthEventFeedback'],
    ])
    expect(callersOf(cognitoIdentityModel, 'public')).toEqual([
      'GetCredentialsForIdentity',
      'GetId',
      'GetOpenIdToken',
      'UnlinkIdentity',
    ])
    expect(callersOf(cognitoSyncModel, 'public')).toEqual([])
    expect(callersOf(stsModel, 'public')).toEqual(['AssumeRoleWithSAML', 'AssumeRoleWithWebIdentity'])
  })

  test('users act on themselves', () => {
    expect(callersOf(cognitoIdpModel, 'token-or-session')).toEqual(['AssociateSoftwareToken', 'VerifySoftwareToken'])
    expect(callersOf(cognitoIdpModel, 'user-token')).toEqual([
      ...['ChangePassword', 'CompleteWebAuthnRegistration', 'ConfirmDevice', 'DeleteUser', 'DeleteUserAttributes'],
      ...[
        'DeleteWebAuthnCredential',
        'ForgetDevice',
        'GetDevice',
        'GetUser',
        'GetUserAttributeVerificationCode',
        'GetUserAuthFactors',
      ],
      ...[
        'GlobalSignOut',
        'ListDevices',
        'ListUserSessions',
        'ListWebAuthnCredentials',
        'RevokeUserSession',
        'SetUserMFAPreference',
      ],
      ...[
        'SetUserSettings',
        'StartWebAuthnRegistration',
        'UpdateDeviceStatus',
        'UpdateUserAttributes',
        'VerifyUserAttribute',
      ],
    ])
  })

  test('an access token in the input is always either of these', () => {
    const { operations, shapes } = cognitoIdpModel
    for (const [name, { input, caller }] of Object.entries(operations)) {
      expect('AccessToken' in shapes[input].members, name).toBe(
        caller === 'user-token' || caller === 'token-or-session',
      )
    }
  })
})

describe('errors', () => {
  test('user pools answer 400, and 500 for their own faults', () => {
    const faults = Object.keys(cognitoIdpModel.errors).filter((name) => cognitoIdpModel.errors[name].status !== 400)
    expect(faults).toEqual(['InternalErrorException', 'InternalServerException'])
    expect(cognitoIdpModel.errors.InvalidParameterException.members).toEqual(['message', 'reasonCode'])
  })

  test('other protocols say their own', () => {
    expect(cognitoSyncModel.errors.TooManyRequestsException.status).toBe(429)
    expect(stsModel.errors.IDPRejectedClaimException).toEqual({
      status: 403,
      code: 'IDPRejectedClaim',
      members: ['message'],
    })
  })
})

describe('the SDK', () => {
  test('restores what a model lacks', () => {
    const model = storedModel()
    const { GetUser, ListUserSessions } = model.operations
    delete model.operations.GetUser
    delete model.operations.ListUserSessions
    for (const name of ['GetUserRequest', 'ListUserSessionsRequest', 'ListUserSessionsResponse', 'SessionsListType'])
      delete model.shapes[name]
    delete model.shapes.UserNotFoundException
    delete model.shapes.UserPoolType.members.DcrConfiguration
    model.shapes.ChallengeNameType.enum = ['SMS_MFA']
    addNewer(model, sdk)

    const stored = storedModel()
    expect(model.operations.ListUserSessions).toEqual(ListUserSessions)
    expect(model.operations.GetUser).toMatchObject({ input: GetUser.input, output: GetUser.output, authtype: 'none' })
    expect(model.shapes.GetUserRequest).toEqual(stored.shapes.GetUserRequest)
    expect(model.shapes.ListUserSessionsResponse).toEqual(stored.shapes.ListUserSessionsResponse)
    expect(model.shapes.SessionsListType).toEqual(stored.shapes.SessionsListType)
    expect(model.shapes.UserNotFoundException).toMatchObject({ type: 'structure', exception: true })
    expect(model.shapes.UserPoolType.members.DcrConfiguration).toEqual({ shape: 'DcrConfigurationType' })
    expect(model.shapes.ChallengeNameType.enum.toSorted()).toEqual(stored.shapes.ChallengeNameType.enum.toSorted())
  })

  test('agrees with the stored models on what is required', () => {
    const { shapes } = cognitoIdpModel
    expect(shapes.RevokeUserSessionRequest.required).toEqual(['AccessToken', 'SessionId'])
    expect(shapes.GetClientTokenRequest.members.Scopes.shape).toBe('ScopeListType')
    expect(shapes.SessionIpAddressType.sensitive).toBe(true)
  })
})

describe('--check', () => {
  const copy = mkdtempSync(join(tmpdir(), 'contract-'))
  const generate = (...args) => promisify(execFile)(process.execPath, [join(copy, 'contract/generate.mjs'), ...args])

  beforeAll(() => {
    for (const part of ['contract', 'server/src/contract'])
      cpSync(join(root, part), join(copy, part), { recursive: true })
  })
  afterAll(() => rmSync(copy, { recursive: true }))

  test('passes on the committed files', () => generate('--check'))

  test('passes on the stored models: this SDK knows nothing more', () =>
    generate('--models', join(copy, 'contract/models'), '--sdk', sdk, '--check'))

  test('names an edited or missing file, and generating puts it right', async () => {
    appendFileSync(join(copy, 'server/src/contract/sts.model.ts'), '// an edit\n')
    rmSync(join(copy, 'server/src/contract/cognito-sync.types.ts'))
    const failure = await generate('--check').catch((error) => error)
    expect(failure.code).toBe(1)
    expect(failure.stderr.trim().split('\n')).toEqual([
      expect.stringContaining('server/src/contract/cognito-sync.types.ts'),
      expect.stringContaining('server/src/contract/sts.model.ts'),
    ])
    await generate()
    await generate('--check')
  })
})
