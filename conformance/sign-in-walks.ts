// Which client walks which flow and which challenge, and where. What a file walks is recorded from its calls: the last test
// of each file (`expectWalks`) fails when the server did not answer what this table says of the file, so that the table is
// no mere claim; and the table has a row for every flow and challenge of the AWS SDK, or `npm run types` fails.
import type {
  AuthFlowType,
  ChallengeNameType,
  CognitoIdentityProviderClient,
} from '@aws-sdk/client-cognito-identity-provider'
import { afterAll, beforeAll, expect, test } from 'vitest'

/** A client as it is published; the AWS SDK without credentials, and with them by the Admin operations. */
export const clients = ['aws-amplify', 'amazon-cognito-identity-js', 'AWS SDK', 'AWS SDK, Admin'] as const
export type Client = (typeof clients)[number]

/** A file that walks it on both engines, or why this client cannot. */
type Cell = { readonly file: string } | { readonly cannot: string }
type Row = Readonly<Record<Client, Cell>>

/** What a call shows beyond the name of its flow or challenge. */
type Variant =
  | 'USER_AUTH preferring PASSWORD'
  | 'USER_AUTH preferring PASSWORD_SRP'
  | 'USER_AUTH preferring EMAIL_OTP'
  | 'USER_AUTH preferring SMS_OTP'
  | 'USER_AUTH preferring WEB_AUTHN'
  | 'USER_AUTH with the session of a sign-up'
  | 'CUSTOM_AUTH after SRP'
  | 'GetTokensFromRefreshToken'
  | 'MFA_SETUP with an e-mail address'

const WALKS = { file: 'sign-in-walks.test.ts' }
const AMPLIFY = { file: 'aws-amplify.test.ts' }
const IDENTITY_JS = { file: 'amazon-cognito-identity-js.test.ts' }
const FACTORS = { file: 'second-factors.test.ts' }
/** On one engine, by Amplify in a browser with a virtual authenticator. */
const BROWSER = { file: '../server/test/journeys/passkeys-browser.test.ts' }

const sdk = { 'AWS SDK': WALKS, 'AWS SDK, Admin': WALKS } as const
const cannot = (why: string): Cell => ({ cannot: why })

const NO_CHOICE = cannot('knows neither USER_AUTH nor its challenges')
const ADMINS = cannot('is for callers with credentials')
const adminsAlone = { 'aws-amplify': ADMINS, 'amazon-cognito-identity-js': ADMINS, 'AWS SDK': ADMINS } as const
const WITH_THE_CHOICE = cannot('sends the password with the answer to SELECT_CHALLENGE')

export const flows: Readonly<Record<AuthFlowType | Exclude<Variant, `MFA_SETUP${string}`>, Row>> = {
  USER_SRP_AUTH: { 'aws-amplify': AMPLIFY, 'amazon-cognito-identity-js': IDENTITY_JS, ...sdk },
  USER_PASSWORD_AUTH: {
    'aws-amplify': AMPLIFY,
    'amazon-cognito-identity-js': IDENTITY_JS,
    ...sdk,
    'AWS SDK, Admin': cannot('AdminInitiateAuth has ADMIN_USER_PASSWORD_AUTH in its place'),
  },
  ADMIN_USER_PASSWORD_AUTH: { ...adminsAlone, 'AWS SDK, Admin': WALKS },
  ADMIN_NO_SRP_AUTH: { ...adminsAlone, 'AWS SDK, Admin': WALKS },
  USER_AUTH: { 'aws-amplify': AMPLIFY, 'amazon-cognito-identity-js': NO_CHOICE, ...sdk },
  'USER_AUTH preferring PASSWORD': { 'aws-amplify': AMPLIFY, 'amazon-cognito-identity-js': NO_CHOICE, ...sdk },
  'USER_AUTH preferring PASSWORD_SRP': { 'aws-amplify': AMPLIFY, 'amazon-cognito-identity-js': NO_CHOICE, ...sdk },
  'USER_AUTH preferring EMAIL_OTP': { 'aws-amplify': AMPLIFY, 'amazon-cognito-identity-js': NO_CHOICE, ...sdk },
  'USER_AUTH preferring SMS_OTP': { 'aws-amplify': WALKS, 'amazon-cognito-identity-js': NO_CHOICE, ...sdk },
  'USER_AUTH preferring WEB_AUTHN': { 'aws-amplify': BROWSER, 'amazon-cognito-identity-js': NO_CHOICE, ...sdk },
  'USER_AUTH with the session of a sign-up': {
    'aws-amplify': AMPLIFY,
    'amazon-cognito-identity-js': NO_CHOICE,
    ...sdk,
  },
  CUSTOM_AUTH: { 'aws-amplify': WALKS, 'amazon-cognito-identity-js': WALKS, ...sdk },
  'CUSTOM_AUTH after SRP': { 'aws-amplify': WALKS, 'amazon-cognito-identity-js': WALKS, ...sdk },
  REFRESH_TOKEN_AUTH: {
    'aws-amplify': cannot('refreshes with GetTokensFromRefreshToken'),
    'amazon-cognito-identity-js': IDENTITY_JS,
    ...sdk,
  },
  REFRESH_TOKEN: {
    'aws-amplify': cannot('refreshes with GetTokensFromRefreshToken'),
    'amazon-cognito-identity-js': cannot('names it REFRESH_TOKEN_AUTH'),
    ...sdk,
  },
  GetTokensFromRefreshToken: {
    'aws-amplify': AMPLIFY,
    'amazon-cognito-identity-js': cannot('refreshes with REFRESH_TOKEN_AUTH'),
    'AWS SDK': WALKS,
    'AWS SDK, Admin': cannot('the operation has no Admin form'),
  },
}

export const challenges: Readonly<Record<ChallengeNameType | Extract<Variant, `MFA_SETUP${string}`>, Row>> = {
  PASSWORD_VERIFIER: { 'aws-amplify': AMPLIFY, 'amazon-cognito-identity-js': IDENTITY_JS, ...sdk },
  NEW_PASSWORD_REQUIRED: { 'aws-amplify': AMPLIFY, 'amazon-cognito-identity-js': IDENTITY_JS, ...sdk },
  SMS_MFA: { 'aws-amplify': FACTORS, 'amazon-cognito-identity-js': FACTORS, ...sdk },
  SOFTWARE_TOKEN_MFA: { 'aws-amplify': FACTORS, 'amazon-cognito-identity-js': FACTORS, ...sdk },
  EMAIL_OTP: {
    'aws-amplify': FACTORS,
    'amazon-cognito-identity-js': cannot('has no callback for EMAIL_OTP'),
    ...sdk,
  },
  SELECT_MFA_TYPE: { 'aws-amplify': FACTORS, 'amazon-cognito-identity-js': FACTORS, ...sdk },
  MFA_SETUP: { 'aws-amplify': FACTORS, 'amazon-cognito-identity-js': FACTORS, ...sdk },
  'MFA_SETUP with an e-mail address': {
    'aws-amplify': FACTORS,
    'amazon-cognito-identity-js': cannot('sets up authenticator apps alone'),
    ...sdk,
  },
  SELECT_CHALLENGE: { 'aws-amplify': AMPLIFY, 'amazon-cognito-identity-js': NO_CHOICE, ...sdk },
  PASSWORD: { 'aws-amplify': WITH_THE_CHOICE, 'amazon-cognito-identity-js': NO_CHOICE, ...sdk },
  PASSWORD_SRP: { 'aws-amplify': WITH_THE_CHOICE, 'amazon-cognito-identity-js': NO_CHOICE, ...sdk },
  SMS_OTP: { 'aws-amplify': WALKS, 'amazon-cognito-identity-js': NO_CHOICE, ...sdk },
  WEB_AUTHN: { 'aws-amplify': BROWSER, 'amazon-cognito-identity-js': NO_CHOICE, ...sdk },
  CUSTOM_CHALLENGE: { 'aws-amplify': WALKS, 'amazon-cognito-identity-js': WALKS, ...sdk },
  ADMIN_NO_SRP_AUTH: { ...adminsAlone, 'AWS SDK, Admin': WALKS },
  DEVICE_SRP_AUTH: { 'aws-amplify': AMPLIFY, 'amazon-cognito-identity-js': IDENTITY_JS, ...sdk },
  DEVICE_PASSWORD_VERIFIER: { 'aws-amplify': AMPLIFY, 'amazon-cognito-identity-js': IDENTITY_JS, ...sdk },
}

/** Every cell of both tables, by the name that calls are recorded under. */
export const cells: readonly { name: string; client: Client; cell: Cell }[] = Object.entries({
  flow: flows,
  challenge: challenges,
})
  .flatMap(([kind, table]) => Object.entries(table).map(([name, row]) => [`${kind} ${name}`, row] as const))
  .flatMap(([name, row]) => clients.map((client) => ({ name, client, cell: (row as Row)[client] })))

type Call = Readonly<Record<string, unknown>>

/** The rows that a call which was answered belongs to. */
function rowsOf(operation: string, input: Call): string[] {
  const parameters = (input['AuthParameters'] ?? input['ChallengeResponses'] ?? {}) as Record<string, string>
  switch (operation.replace('Admin', '')) {
    case 'InitiateAuth': {
      const flow = `flow ${input['AuthFlow']}`
      return [
        flow,
        ...(input['Session'] ? [`${flow} with the session of a sign-up`] : []),
        ...(parameters['PREFERRED_CHALLENGE'] ? [`${flow} preferring ${parameters['PREFERRED_CHALLENGE']}`] : []),
        ...(parameters['CHALLENGE_NAME'] === 'SRP_A' ? [`${flow} after SRP`] : []),
      ]
    }
    case 'RespondToAuthChallenge': {
      const challenge = `challenge ${input['ChallengeName']}`
      return [challenge, ...(parameters['EMAIL'] ? [`${challenge} with an e-mail address`] : [])]
    }
    case 'GetTokensFromRefreshToken':
      return ['flow GetTokensFromRefreshToken']
    default:
      return []
  }
}

export interface SignInRecord {
  /** Records the calls of a client of the AWS SDK; those of the others are seen at `fetch`. Returns the client. */
  sdk<C extends CognitoIdentityProviderClient>(client: C): C
}

/** Records what is called within a `describe` and answered with success. Its last line is `expectWalks`. */
export function useSignInRecord(): SignInRecord & { readonly seen: ReadonlySet<string> } {
  const seen = new Set<string>()
  const note = (client: Client, operation: string, input: Call): void => {
    for (const row of rowsOf(operation, input)) seen.add(`${row}: ${client}`)
  }
  const plainFetch = globalThis.fetch
  beforeAll(() => {
    globalThis.fetch = async (url, init) => {
      const response = await plainFetch(url, init)
      const headers = new Headers(init?.headers)
      const operation = headers.get('x-amz-target')?.split('.')[1]
      const agent = headers.get('x-amz-user-agent') ?? ''
      // amazon-cognito-identity-js calls itself so, as the last part of Amplify 5.
      const client = /^aws-amplify\/5/.test(agent) ? 'amazon-cognito-identity-js' : 'aws-amplify'
      if (response.ok && operation && agent) note(client, operation, JSON.parse(String(init?.body)) as Call)
      return response
    }
  })
  afterAll(() => {
    globalThis.fetch = plainFetch
  })
  return {
    seen,
    sdk(client) {
      client.middlewareStack.add(
        (next, { commandName = '' }) =>
          async (args) => {
            const result = await next(args)
            const operation = commandName.replace(/Command$/, '')
            note(operation.startsWith('Admin') ? 'AWS SDK, Admin' : 'AWS SDK', operation, args.input as unknown as Call)
            return result
          },
        { step: 'initialize' },
      )
      return client
    },
  }
}

/** The test that a file has walked what the tables say of it, and nothing that they say cannot be. */
export function expectWalks(file: string, { seen }: { readonly seen: ReadonlySet<string> }): void {
  test('what the table of walks says of this file', () => {
    const named = (of: (cell: Cell) => boolean) =>
      cells.filter(({ cell }) => of(cell)).map(({ name, client }) => `${name}: ${client}`)
    const walked = named((cell) => 'file' in cell && cell.file === file)
    expect(walked.filter((name) => !seen.has(name))).toEqual([])
    expect(named((cell) => 'cannot' in cell).filter((name) => seen.has(name))).toEqual([])
  })
}
