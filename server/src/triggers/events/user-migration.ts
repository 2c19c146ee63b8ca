import { type Metadata, metadata, type ResponseReader, type Texts, trigger, Unrecognizable } from '../trigger.ts'

export interface UserMigrationRequest {
  /** What the user typed; undefined when a password was forgotten. */
  password: string | undefined
  /** ClientMetadata of InitiateAuth. */
  validationData: Texts | undefined
  /** ClientMetadata of ForgotPassword. */
  clientMetadata: Metadata
}

export interface MigratedUser {
  /** Undefined when the function knows nobody of the name. */
  userAttributes: Texts | undefined
  /** RESET_REQUIRED where the function names none. */
  finalUserStatus: 'CONFIRMED' | 'RESET_REQUIRED'
  /** Whether the user gets no welcome. */
  suppressed: boolean
  desiredDeliveryMediums: readonly ('EMAIL' | 'SMS')[] | undefined
  forceAliasCreation: boolean
  enableSMSMFA: boolean
}

/** A name that nobody has: whether another directory knows its user. `userName` is the name that was given. */
export const userMigration = trigger<'UserMigration_Authentication' | 'UserMigration_ForgotPassword'>()({
  name: 'UserMigration',
  event: ({ password, validationData, clientMetadata }: UserMigrationRequest) => ({
    request: {
      ...(password !== undefined && { password }),
      validationData: validationData ?? null,
      ...metadata(clientMetadata),
    },
    response: {
      userAttributes: null,
      finalUserStatus: null,
      messageAction: null,
      desiredDeliveryMediums: null,
      forceAliasCreation: null,
      enableSMSMFA: null,
    },
  }),
  answer: (response): MigratedUser => ({
    userAttributes: response.textsByName('userAttributes'),
    finalUserStatus: oneOf(response.text('finalUserStatus') ?? 'RESET_REQUIRED', ['CONFIRMED', 'RESET_REQUIRED']),
    suppressed: oneOf(response.text('messageAction') ?? 'RESEND', ['RESEND', 'SUPPRESS']) === 'SUPPRESS',
    desiredDeliveryMediums: media(response),
    forceAliasCreation: response.boolean('forceAliasCreation') ?? false,
    enableSMSMFA: response.boolean('enableSMSMFA') ?? false,
  }),
})

const media = (response: ResponseReader): MigratedUser['desiredDeliveryMediums'] =>
  response.texts('desiredDeliveryMediums')?.map((medium) => oneOf(medium, ['EMAIL', 'SMS']))

function oneOf<Word extends string>(text: string, words: readonly Word[]): Word {
  const word = words.find((candidate) => candidate === text)
  if (word === undefined) throw new Unrecognizable(`${text} is none of ${words.join()}`)
  return word
}
