import { type Metadata, metadata, type ResponseReader, type Texts, trigger } from '../trigger.ts'

export type TokenSource =
  | 'TokenGeneration_HostedAuth'
  | 'TokenGeneration_Authentication'
  | 'TokenGeneration_NewPasswordChallenge'
  | 'TokenGeneration_AuthenticateDevice'
  | 'TokenGeneration_RefreshTokens'
  | 'TokenGeneration_ClientCredentials'

export interface Groups {
  groupsToOverride: readonly string[]
  /** ARNs. */
  iamRolesToOverride: readonly string[]
  preferredRole: string | undefined
}

export interface PreTokenGenerationRequest {
  /** With sub and cognito:user_status; empty where an app client itself gets a token. */
  userAttributes: Texts
  /** Undefined where an app client itself gets a token. */
  groups: Groups | undefined
  /** Of the access token; versions 2 and 3 get them. */
  scopes: readonly string[]
  clientMetadata: Metadata
}

export interface ClaimChanges {
  /** Texts in version 1, any JSON values later. */
  claimsToAddOrOverride: Readonly<Record<string, unknown>>
  claimsToSuppress: readonly string[]
}

export interface TokenChanges {
  idToken: ClaimChanges
  accessToken: ClaimChanges & { scopesToAdd: readonly string[]; scopesToSuppress: readonly string[] }
  /** Of both tokens; undefined where the user's own stay. */
  groups: Groups | undefined
}

type Version = 'V1_0' | 'V2_0' | 'V3_0'

/** Before tokens are signed: their claims, groups and scopes. docs/reference/user-pools.md 13.6. */
const version = (number: '1' | '2' | '3') =>
  trigger<TokenSource>()({
    name: 'PreTokenGeneration',
    version: number,
    event: ({ userAttributes, groups, scopes, clientMetadata }: PreTokenGenerationRequest) => ({
      request: {
        userAttributes,
        groupConfiguration: groups ? { ...groups, preferredRole: groups.preferredRole ?? null } : null,
        ...(number !== '1' && { scopes }),
        ...metadata(clientMetadata),
      },
      response: { [number === '1' ? 'claimsOverrideDetails' : 'claimsAndScopeOverrideDetails']: null },
    }),
    answer: number === '1' ? firstAnswer : laterAnswer,
  })

/** By PreTokenGenerationConfig.LambdaVersion. */
export const preTokenGeneration: Readonly<Record<Version, ReturnType<typeof version>>> = {
  V1_0: version('1'),
  V2_0: version('2'),
  V3_0: version('3'),
}

function firstAnswer(response: ResponseReader): TokenChanges {
  const details = response.object('claimsOverrideDetails')
  return {
    idToken: {
      claimsToAddOrOverride: details?.textsByName('claimsToAddOrOverride') ?? {},
      claimsToSuppress: details?.texts('claimsToSuppress') ?? [],
    },
    accessToken: { ...unchanged, scopesToAdd: [], scopesToSuppress: [] },
    groups: groupsIn(details),
  }
}

function laterAnswer(response: ResponseReader): TokenChanges {
  const details = response.object('claimsAndScopeOverrideDetails')
  const access = details?.object('accessTokenGeneration')
  return {
    idToken: claimsIn(details?.object('idTokenGeneration')),
    accessToken: {
      ...claimsIn(access),
      scopesToAdd: access?.texts('scopesToAdd') ?? [],
      scopesToSuppress: access?.texts('scopesToSuppress') ?? [],
    },
    groups: groupsIn(details),
  }
}

const unchanged: ClaimChanges = { claimsToAddOrOverride: {}, claimsToSuppress: [] }

const claimsIn = (part: ResponseReader | null | undefined): ClaimChanges => ({
  claimsToAddOrOverride: part?.values('claimsToAddOrOverride') ?? {},
  claimsToSuppress: part?.texts('claimsToSuppress') ?? [],
})

/** An empty object leaves no groups; null, or no object, leaves all. */
function groupsIn(details: ResponseReader | null | undefined): Groups | undefined {
  const groups = details?.object('groupOverrideDetails')
  if (!groups) return undefined
  return {
    groupsToOverride: groups.texts('groupsToOverride') ?? [],
    iamRolesToOverride: groups.texts('iamRolesToOverride') ?? [],
    preferredRole: groups.text('preferredRole'),
  }
}
