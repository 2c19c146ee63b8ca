// Calls the function that a user pool names for a trigger and reads its answer, or throws the error that the service answers
// with (docs/reference/user-pools.md 3.3, 13.1). Never call it inside a transaction.
import type { Context } from '../context.ts'
import type { LambdaConfigType } from '../contract/cognito-idp.types.ts'
import type { FunctionAnswer } from '../effects/effects.ts'
import { newUuid } from '../effects/uuid.ts'
import { ApiError } from '../errors.ts'
import { triggerCalled } from '../events.ts'
import { limits } from './limits.ts'
import { isObject, readerOf, type Trigger, type TriggerName, Unrecognizable } from './trigger.ts'

export type TriggerContext = Pick<Context, 'functions' | 'aside' | 'random' | 'log' | 'metrics'>

/** What a trigger needs of a user pool. */
export interface TriggerPool {
  readonly id: string
  readonly settings: { readonly LambdaConfig?: LambdaConfigType | undefined }
  /** Of a pool as a region sees it where it is secondary. */
  readonly replica?: { readonly region: string }
}

/** Whom and what a call is about. */
export interface Occasion<Source extends string = string> {
  readonly pool: TriggerPool
  /** The username of the user: in pools with username attributes its sub. */
  readonly userName: string
  /** Undefined for operations of administrators that name no app client. */
  readonly clientId: string | undefined
  readonly source: Source
}

/** The ARN of the function that a pool names for a trigger; undefined when it names none. */
export function functionOf({ settings: { LambdaConfig = {} } }: TriggerPool, name: TriggerName): string | undefined {
  const named =
    name === 'PreTokenGeneration' ? (LambdaConfig.PreTokenGenerationConfig ?? LambdaConfig[name]) : LambdaConfig[name]
  return typeof named === 'object' ? named.LambdaArn : named
}

/**
 * The answer of the trigger; undefined when the pool does not name it. Throws UserLambdaValidationException when the
 * function throws, UnexpectedLambdaException when it does not answer, InvalidLambdaResponseException when its answer is not
 * of the trigger's shape.
 */
export async function callTrigger<Request, Answer, Source extends string>(
  context: TriggerContext,
  trigger: Trigger<Request, Answer, Source>,
  occasion: Occasion<Source>,
  request: Request,
): Promise<Answer | undefined> {
  const arn = functionOf(occasion.pool, trigger.name)
  if (arn === undefined) return undefined
  const event = JSON.stringify(eventOf(trigger, occasion, request))
  const startedAt = performance.now()
  const id = newUuid(context.random)
  const answer = await context.aside(() => context.functions.invoke(arn, event, { id, awaited: true }))
  const { pool, source } = occasion
  const outcome = answer.outcome === 'failed' ? answer.reason : answer.outcome
  const ms = Math.round(performance.now() - startedAt)
  triggerCalled(context, { pool: pool.id, trigger: trigger.name, source, arn, outcome, ms })
  try {
    return trigger.answer(readerOf(responseIn(trigger.name, answer)))
  } catch (error) {
    throw error instanceof Unrecognizable ? unrecognizableError() : error
  }
}

/** Whether an error of callTrigger says that the function gave no answer: it has judged nothing then. */
export const functionFailed = (error: unknown): boolean =>
  error instanceof ApiError && error.name === 'UnexpectedLambdaException'

/** The event of a trigger, as its function gets it (docs/reference/user-pools.md 13.1). */
export const eventOf = <Request, Source extends string>(
  { version = '1', event }: Pick<Trigger<Request, unknown, Source>, 'version' | 'event'>,
  { pool, userName, clientId = NO_CLIENT, source }: Occasion<Source>,
  request: Request,
): object => ({
  version,
  region: pool.replica?.region ?? pool.id.split('_')[0],
  userPoolId: pool.id,
  userName,
  callerContext: { awsSdkVersion: 'aws-sdk-unknown-unknown', clientId },
  triggerSource: source,
  ...event(request),
})

const NO_CLIENT = 'CLIENT_ID_NOT_APPLICABLE'

/** The member `response` of the event that the function returned. */
function responseIn(name: TriggerName, answer: FunctionAnswer): Readonly<Record<string, unknown>> {
  if (answer.outcome === 'threw')
    throw new ApiError('UserLambdaValidationException', `${name} failed with error ${answer.message}.`)
  if (answer.outcome === 'failed')
    throw new ApiError('UnexpectedLambdaException', `${name} invocation failed due to error ${answer.reason}.`)
  const returned = parsed(answer.text)
  if (returned === undefined || returned === null)
    throw new ApiError('InvalidLambdaResponseException', 'Invalid lambda function output : Invalid JSON')
  if (!isObject(returned) || !isObject(returned['response'])) throw unrecognizableError()
  if (isDeeper(returned, limits.answerDepth.max)) throw unrecognizableError()
  return returned['response']
}

/** Whether a JSON value has more levels of objects and arrays than `levels`. */
const isDeeper = (value: unknown, levels: number): boolean =>
  typeof value === 'object' &&
  value !== null &&
  (levels === 0 || Object.values(value).some((member) => isDeeper(member, levels - 1)))

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

export const unrecognizableError = (): ApiError =>
  new ApiError('InvalidLambdaResponseException', 'Unrecognizable lambda output')
