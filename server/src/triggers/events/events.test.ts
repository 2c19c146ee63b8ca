// The events of triggers as the reference has them (docs/reference/user-pools.md 13.3, 13.6), and how answers are read.
import { describe, expect, it } from 'vitest'
import { eventOf } from '../call.ts'
import { readerOf, type Trigger, Unrecognizable } from '../trigger.ts'
import { createAuthChallenge } from './create-auth-challenge.ts'
import { customMessage } from './custom-message.ts'
import { customEmailSender, customSmsSender } from './custom-sender.ts'
import { defineAuthChallenge } from './define-auth-challenge.ts'
import { inboundFederation } from './inbound-federation.ts'
import { postAuthentication } from './post-authentication.ts'
import { postConfirmation } from './post-confirmation.ts'
import { preAuthentication } from './pre-authentication.ts'
import { preSignUp } from './pre-sign-up.ts'
import { preTokenGeneration } from './pre-token-generation.ts'
import { userMigration } from './user-migration.ts'
import { verifyAuthChallengeResponse } from './verify-auth-challenge-response.ts'

const userAttributes = { sub: 's', email: 'a@example.com' }
const clientMetadata = { a: 'b' }
const session = [{ challengeName: 'SRP_A', challengeResult: true }]
const groups = { groupsToOverride: ['g'], iamRolesToOverride: ['r'], preferredRole: undefined }
const groupConfiguration = { groupsToOverride: ['g'], iamRolesToOverride: ['r'], preferredRole: null }
const tokens = { userAttributes, groups, scopes: ['openid'], clientMetadata: undefined }

/** A trigger, what it is told, and members `request` and `response` of its event. */
const shapes: [string, Trigger<never, unknown>, object, object, object][] = [
  [
    'PreSignUp',
    preSignUp,
    { userAttributes, validationData: undefined, clientMetadata: undefined },
    { userAttributes, validationData: null },
    { autoConfirmUser: false, autoVerifyEmail: false, autoVerifyPhone: false },
  ],
  ['PostConfirmation', postConfirmation, { userAttributes, clientMetadata }, { userAttributes, clientMetadata }, {}],
  [
    'PreAuthentication',
    preAuthentication,
    { userAttributes: {}, validationData: clientMetadata, userNotFound: true },
    { userAttributes: {}, validationData: clientMetadata, userNotFound: true },
    {},
  ],
  [
    'PostAuthentication',
    postAuthentication,
    { userAttributes, newDeviceUsed: false, clientMetadata },
    { userAttributes, newDeviceUsed: false, clientMetadata },
    {},
  ],
  [
    'CustomMessage',
    customMessage,
    { userAttributes, namesUser: false, clientMetadata },
    {
      userAttributes,
      codeParameter: '{####}',
      linkParameter: '{##Click Here##}',
      usernameParameter: null,
      clientMetadata,
    },
    { smsMessage: null, emailMessage: null, emailSubject: null },
  ],
  [
    'DefineAuthChallenge',
    defineAuthChallenge,
    { userAttributes, session, clientMetadata },
    { userAttributes, session, clientMetadata },
    { challengeName: null, issueTokens: null, failAuthentication: null },
  ],
  [
    'CreateAuthChallenge',
    createAuthChallenge,
    { userAttributes, challengeName: 'CUSTOM_CHALLENGE', session, clientMetadata },
    { userAttributes, challengeName: 'CUSTOM_CHALLENGE', session, clientMetadata },
    { publicChallengeParameters: null, privateChallengeParameters: null, challengeMetadata: null },
  ],
  [
    'VerifyAuthChallengeResponse',
    verifyAuthChallengeResponse,
    { userAttributes, privateChallengeParameters: { c: '1' }, challengeAnswer: '1', clientMetadata },
    { userAttributes, privateChallengeParameters: { c: '1' }, challengeAnswer: '1', clientMetadata },
    { answerCorrect: null },
  ],
  [
    'UserMigration',
    userMigration,
    { password: 'p', validationData: clientMetadata, clientMetadata: undefined },
    { password: 'p', validationData: clientMetadata },
    {
      userAttributes: null,
      finalUserStatus: null,
      messageAction: null,
      desiredDeliveryMediums: null,
      forceAliasCreation: null,
      enableSMSMFA: null,
    },
  ],
  [
    'CustomEmailSender',
    customEmailSender,
    { code: 'c', userAttributes, clientMetadata },
    { type: 'customEmailSenderRequestV1', code: 'c', clientMetadata, userAttributes },
    {},
  ],
  [
    'CustomSMSSender',
    customSmsSender,
    { code: null, userAttributes, clientMetadata: undefined },
    { type: 'customSMSSenderRequestV1', code: null, userAttributes },
    {},
  ],
  [
    'CustomEmailSender of a notification',
    customEmailSender,
    { code: null, userAttributes, clientMetadata: undefined, notification: { city: 'Bern' } },
    { type: 'customEmailSenderRequestV1', code: null, userAttributes, notification: { city: 'Bern' } },
    {},
  ],
  [
    'InboundFederation',
    inboundFederation,
    { providerName: 'P', providerType: 'SAML', attributes: { samlResponse: { mail: 'a' } } },
    { providerName: 'P', providerType: 'SAML', attributes: { samlResponse: { mail: 'a' } } },
    { userAttributesToMap: {} },
  ],
  [
    'PreTokenGeneration V1',
    preTokenGeneration.V1_0,
    tokens,
    { userAttributes, groupConfiguration },
    { claimsOverrideDetails: null },
  ],
  [
    'PreTokenGeneration V2',
    preTokenGeneration.V2_0,
    tokens,
    { userAttributes, groupConfiguration, scopes: ['openid'] },
    { claimsAndScopeOverrideDetails: null },
  ],
  [
    'PreTokenGeneration V3 for a client',
    preTokenGeneration.V3_0,
    { userAttributes: {}, groups: undefined, scopes: ['a/b'], clientMetadata },
    { userAttributes: {}, groupConfiguration: null, scopes: ['a/b'], clientMetadata },
    { claimsAndScopeOverrideDetails: null },
  ],
]

it.each(shapes)('%s gets its event', (_, trigger, given, request, response) => {
  const occasion = {
    pool: { id: 'eu-west-1_1', settings: {} },
    userName: 'u',
    clientId: undefined,
    source: 'Some_Source',
  }
  const event = eventOf(trigger as never, occasion, given)
  expect(JSON.parse(JSON.stringify(event))).toEqual({
    version: trigger.version ?? '1',
    region: 'eu-west-1',
    userPoolId: 'eu-west-1_1',
    userName: 'u',
    callerContext: { awsSdkVersion: 'aws-sdk-unknown-unknown', clientId: 'CLIENT_ID_NOT_APPLICABLE' },
    triggerSource: 'Some_Source',
    request,
    response,
  })
})

const read = (trigger: Trigger<never, unknown>, response: object) =>
  trigger.answer(readerOf(response as Record<string, unknown>))

describe('answers', () => {
  it.each(shapes)('%s takes the members as it sent them', (_, trigger, _given, _request, response) => {
    expect(() => read(trigger, response)).not.toThrow()
  })

  it.each<[Trigger<never, unknown>, object]>([
    [preSignUp, { autoConfirmUser: 'true' }],
    [customMessage, { emailMessage: {} }],
    [defineAuthChallenge, { issueTokens: 1 }],
    [createAuthChallenge, { publicChallengeParameters: { a: 1 } }],
    [verifyAuthChallengeResponse, { answerCorrect: 'yes' }],
    [userMigration, { userAttributes: [] }],
    [userMigration, { userAttributes: {}, finalUserStatus: 'ARCHIVED' }],
    [userMigration, { desiredDeliveryMediums: ['PIGEON'] }],
    [inboundFederation, { userAttributesToMap: { a: [] } }],
    [preTokenGeneration.V1_0, { claimsOverrideDetails: { claimsToAddOrOverride: { a: 1 } } }],
    [preTokenGeneration.V1_0, { claimsOverrideDetails: [] }],
    [preTokenGeneration.V2_0, { claimsAndScopeOverrideDetails: { accessTokenGeneration: { scopesToAdd: 'a' } } }],
  ])('of a wrong type are not recognized: %#', (trigger, response) => {
    expect(() => read(trigger, response)).toThrow(Unrecognizable)
  })

  it('only members of the shape have an effect, and none from a prototype', () => {
    const response = JSON.parse('{"__proto__": {"autoConfirmUser": true}, "autoVerifyEmail": true, "admin": true}')
    expect(read(preSignUp, response)).toEqual({ autoConfirmUser: false, autoVerifyEmail: true, autoVerifyPhone: false })
  })

  it('groups of tokens: null keeps them, an empty object leaves none', () => {
    const groupsOf = (groupOverrideDetails: unknown) =>
      preTokenGeneration.V1_0.answer(readerOf({ claimsOverrideDetails: { groupOverrideDetails } })).groups
    expect(groupsOf(null)).toBeUndefined()
    expect(groupsOf(undefined)).toBeUndefined()
    expect(groupsOf({})).toEqual({ groupsToOverride: [], iamRolesToOverride: [], preferredRole: undefined })
    expect(groupsOf({ groupsToOverride: ['a'], preferredRole: 'r' })).toEqual({
      groupsToOverride: ['a'],
      iamRolesToOverride: [],
      preferredRole: 'r',
    })
  })
})
