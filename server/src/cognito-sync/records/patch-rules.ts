// What the record patches of a push must be, whatever the dataset holds (docs/reference/identity-pools-sts-iam-sync.md 20.3,
// docs/behaviour/sync.md). Pure.
import type { RecordPatch } from '../../contract/cognito-sync.types.ts'
import { limits as datasetLimits } from '../../datasets/limits.ts'
import { firstRefusal, invalid, type Refusal } from '../../refusal-rules.ts'
import { limits } from '../limits.ts'

type Refused = Refusal<'InvalidParameterException' | 'LimitExceededException'>

/** The refusal of a push: of its device, or of the first patch that is not right. */
export const pushRefusal = (patches: readonly RecordPatch[], deviceId: string | undefined): Refused | undefined =>
  firstRefusal<Refused['refused']>([
    // PostgreSQL stores no such text.
    () => (deviceId?.includes('\0') ? invalid('DeviceId must not contain the character U+0000.') : undefined),
    () =>
      patches.length > limits.patches.max
        ? { refused: 'LimitExceededException', message: `A call can not have more than ${limits.patches.max} patches.` }
        : undefined,
    ...patches.map((patch) => () => patchRefusal(patch)),
    () =>
      new Set(patches.map(({ Key }) => Key)).size < patches.length
        ? invalid('A record key must not be in more than one patch.')
        : undefined,
  ])

function patchRefusal({ Op, Key, Value, SyncCount }: RecordPatch): Refusal | undefined {
  if (Buffer.byteLength(Key) > datasetLimits.recordKey.max)
    return invalid(`A record key must not be longer than ${datasetLimits.recordKey.max} bytes.`)
  if (Key.includes('\0') || Value?.includes('\0'))
    return invalid('Record keys and values must not contain the character U+0000.')
  if (Op === 'replace' && Value === undefined) return invalid('A patch that replaces a record must have a value.')
  return SyncCount < 0 ? invalid('The SyncCount of a patch must not be negative.') : undefined
}
