// Runs a handler as the Lambda runtime for Node.js does: it may return a promise, call back, or use the older members of its
// context. Used in this process and in the worker threads of modules.

export interface HandlerContext {
  readonly functionName: string
  readonly invokedFunctionArn: string
  readonly awsRequestId: string
  callbackWaitsForEmptyEventLoop: boolean
  /** Milliseconds left. */
  getRemainingTimeInMillis(): number
  done(error?: unknown, result?: unknown): void
  succeed(result?: unknown): void
  fail(error?: unknown): void
}

export type TriggerHandler = (
  // biome-ignore lint/suspicious/noExplicitAny: handlers are written against the types of @types/aws-lambda
  event: any,
  // biome-ignore lint/suspicious/noExplicitAny: as above
  context: any,
  // biome-ignore lint/suspicious/noExplicitAny: as above
  callback: (error?: any, result?: any) => void,
) => unknown

/** What a handler came to; `json` is undefined when the result is no JSON. */
export type HandlerOutcome = { json: string | undefined } | { thrown: string }

/** Never rejects. `timeMs`: the time that the handler is told to have. */
export async function runHandler(
  handler: TriggerHandler,
  { event, arn, id, timeMs }: { event: string; arn: string; id: string; timeMs: number },
): Promise<HandlerOutcome> {
  const until = performance.now() + timeMs
  try {
    const result = await new Promise((resolve, reject) => {
      const callback = (error?: unknown, result?: unknown): void =>
        error === undefined || error === null ? resolve(result) : reject(error)
      const context: HandlerContext = {
        functionName: arn.split(':')[6] ?? arn,
        invokedFunctionArn: arn,
        awsRequestId: id,
        callbackWaitsForEmptyEventLoop: true,
        getRemainingTimeInMillis: () => Math.max(0, Math.round(until - performance.now())),
        done: callback,
        succeed: (result) => resolve(result),
        fail: (error) => reject(error ?? 'Unknown error'),
      }
      const returned = handler(JSON.parse(event), context, callback)
      if (isThenable(returned)) returned.then(resolve, reject)
      // One that returns at once and takes no callback has its result in its hands.
      else if (returned !== undefined || handler.length < 2) resolve(returned)
    })
    return { json: JSON.stringify(result) }
  } catch (error) {
    return { thrown: errorText(error) }
  }
}

const isThenable = (value: unknown): value is Promise<unknown> =>
  typeof (Object(value) as { then?: unknown }).then === 'function'

function errorText(error: unknown): string {
  if (typeof error === 'string') return error
  const { message } = Object(error) as { message?: unknown }
  return typeof message === 'string' ? message : 'Unknown error'
}
