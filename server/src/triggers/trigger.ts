// What a trigger is: how its event is made, and how its answer is read. Each is a file of events/ with pure functions; the
// call is call.ts. Shapes: docs/reference/user-pools.md 13.3.
import type { LambdaConfigType } from '../contract/cognito-idp.types.ts'

/** A trigger by its member of LambdaConfig. */
export type TriggerName = Exclude<keyof LambdaConfigType, 'PreTokenGenerationConfig' | 'KMSKeyID'>

export interface Trigger<Request, Answer, Source extends string = string> {
  readonly name: TriggerName
  /** The sources of docs/reference/user-pools.md 13.2, for the compiler. */
  readonly source?: Source
  /** Member `version` of the event; 1 by default. */
  readonly version?: string
  /** Members `request` and `response` of the event. */
  event(request: Request): { request: object; response: object }
  /** Reads the member `response` of what the function returned; throws Unrecognizable when a member has a wrong type. */
  answer(response: ResponseReader): Answer
}

/** Declares a trigger. */
export const trigger =
  <Source extends string>() =>
  <Request, Answer>(definition: Trigger<Request, Answer, Source>): Trigger<Request, Answer, Source> =>
    definition

/** The function's answer has not the shape that its trigger needs. */
export class Unrecognizable extends Error {}

/** Texts by name, such as the attributes of a user. */
export type Texts = Readonly<Record<string, string>>

/** ClientMetadata of a request, where its operation hands it to the trigger (docs/reference/user-pools.md 13.4). */
export type Metadata = Texts | undefined

/** Reads members of an object that a function made. Absent members and null are undefined; a wrong type throws. */
export interface ResponseReader {
  boolean(name: string): boolean | undefined
  text(name: string): string | undefined
  texts(name: string): readonly string[] | undefined
  /** An object of texts. */
  textsByName(name: string): Texts | undefined
  /** An object of any JSON values. */
  values(name: string): Readonly<Record<string, unknown>> | undefined
  /** An object, to be read on; `null` is told apart from an absent one. */
  object(name: string): ResponseReader | null | undefined
}

export function readerOf(members: Readonly<Record<string, unknown>>): ResponseReader {
  const read = <T>(name: string, fits: (value: unknown) => value is T): T | undefined => {
    const value = Object.hasOwn(members, name) ? members[name] : undefined
    if (value === undefined || value === null) return undefined
    if (!fits(value)) throw new Unrecognizable(`${name} has another type`)
    return value
  }
  return {
    boolean: (name) => read(name, (value) => typeof value === 'boolean'),
    text: (name) => read(name, isText),
    texts: (name) => read(name, (value): value is string[] => Array.isArray(value) && value.every(isText)),
    textsByName: (name) => read(name, isTexts),
    values: (name) => read(name, isObject),
    object(name) {
      if (members[name] === null) return null
      const value = read(name, isObject)
      return value && readerOf(value)
    },
  }
}

const isText = (value: unknown): value is string => typeof value === 'string'
export const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
const isTexts = (value: unknown): value is Texts => isObject(value) && Object.values(value).every(isText)

/** A member of an event for metadata: absent where there is none. */
export const metadata = (clientMetadata: Metadata): { clientMetadata?: Texts } =>
  clientMetadata === undefined ? {} : { clientMetadata }
