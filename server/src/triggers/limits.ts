import type { Limits } from '../limit.ts'

export const limits = {
  answerTime: {
    max: 5000,
    unit: 'ms',
    bounds: 'time for one try at a trigger',
    source: 'docs/reference/user-pools.md 13.1',
  },
  tries: {
    max: 3,
    bounds: 'tries at a trigger that does not answer; an error that it throws is an answer',
    source: 'docs/reference/user-pools.md 13.1',
  },
  answer: { max: 256 * 1024, unit: 'bytes', bounds: 'answer of a trigger' },
  // What is made of it is written as JSON again, which goes into each level by a call.
  answerDepth: { max: 64, bounds: 'levels of objects and arrays in the answer of a trigger' },
  errorText: { max: 1000, unit: 'characters', bounds: 'text of the error that a trigger throws, cut off there' },
  callsAtOnce: { max: 32, bounds: 'calls of one function that one process has under way' },
  callsQueued: { max: 64, bounds: 'calls of one function that wait' },
  callsQueuedFor: { max: 2000, unit: 'ms', bounds: 'time that such a call waits before it is refused' },
  // So that a function which is away costs five users their patience, and the others nothing.
  failuresInARow: {
    max: 5,
    bounds: 'tries in a row without an answer after which a function is not asked for a while',
  },
  pause: { max: 10_000, unit: 'ms', bounds: 'that while; then one call is a probe' },
  moduleThreads: { max: 4, bounds: 'threads that run one module of TRIGGERS_FILE, one event at a time each' },
  customEmail: {
    max: 20_000,
    unit: 'characters',
    bounds: 'emailMessage of a CustomMessage trigger',
    source: 'docs/reference/user-pools.md 13.3',
  },
  customSms: {
    max: 140,
    unit: 'characters',
    bounds: 'smsMessage of a CustomMessage trigger',
    source: 'docs/reference/user-pools.md 13.3',
  },
  customSubject: {
    max: 140,
    unit: 'characters',
    bounds: 'emailSubject of a CustomMessage trigger',
    source: 'docs/reference/user-pools.md 13.3',
  },
} as const satisfies Limits
