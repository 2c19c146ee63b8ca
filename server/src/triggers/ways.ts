// The ways to a function, one file each: from a place to a call of it.
import type { ModulePlace, TriggerPlace } from '../config/trigger-places.ts'
import type { FunctionAnswer } from '../effects/effects.ts'
import { handlerOf, runInProcess, type TriggerHandlers } from './ways/handler.ts'
import { invokeLambda, type LambdaParts } from './ways/lambda.ts'
import { createModules, type ModuleParts } from './ways/module.ts'
import { callWebhook, type WebhookParts } from './ways/webhook.ts'

export interface FunctionCall {
  readonly arn: string
  /** JSON. */
  readonly event: string
  readonly id: string
  readonly awaited: boolean
  /** Most bytes of the answer; limits.answer when absent. */
  readonly maxAnswer?: number
}

export interface WayParts extends LambdaParts, WebhookParts, ModuleParts {
  readonly handlers: TriggerHandlers
}

export interface Ways {
  /** What makes one try at a function; undefined when nobody knows where it is. */
  (arn: string, place: TriggerPlace | undefined, call: FunctionCall): (() => Promise<FunctionAnswer>) | undefined
  close(): Promise<void>
}

export function openWays(parts: WayParts): Ways {
  const modules = createModules(parts)
  const ways: {
    [Place in TriggerPlace as Place['way']]: (place: Place, call: FunctionCall) => Promise<FunctionAnswer>
  } = {
    lambda: (place, call) => invokeLambda(parts, place, call),
    webhook: (place, call) => callWebhook(parts, place, call),
    module: (place: ModulePlace, call) => modules.run(place, call),
  }
  const open = (arn: string, place: TriggerPlace | undefined, call: FunctionCall) => {
    const handler = handlerOf(parts.handlers, arn)
    if (handler) return () => runInProcess(handler, call)
    if (!place) return undefined
    const run = ways[place.way] as (place: TriggerPlace, call: FunctionCall) => Promise<FunctionAnswer>
    return () => run(place, call)
  }
  return Object.assign(open, { close: () => modules.close() })
}
