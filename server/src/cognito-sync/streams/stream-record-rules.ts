// The records of a stream (docs/reference/identity-pools-sts-iam-sync.md 21.2). Pure.

/** A change of a dataset, or what it holds. */
export interface StreamChange {
  readonly identityPoolId: string
  readonly identityId: string
  readonly datasetName: string
  /** `remove`: the dataset was deleted; it has no records then. */
  readonly operation: 'replace' | 'remove'
  readonly syncCount: number
  /** Epoch milliseconds. */
  readonly updatedAt: number
  readonly records: readonly StreamedRecord[]
}

export interface StreamedRecord {
  readonly key: string
  /** Undefined for a removed one. */
  readonly value: string | undefined
  readonly syncCount: number
  readonly updatedAt: number
  readonly deviceUpdatedAt: number | undefined
}

/**
 * The records of the stream as JSON: one, or, where the change is larger than `max` bytes, several with a part of the changed
 * keys each.
 */
export function streamBodies(change: StreamChange, max: number): string[] {
  const whole = bodyOf(change, change.records.map(recordText))
  if (Buffer.byteLength(whole) <= max) return [whole]
  const room = max - Buffer.byteLength(bodyOf(change, []))
  const parts: string[][] = [[]]
  let size = 0
  for (const text of change.records.map(recordText)) {
    const bytes = Buffer.byteLength(text) + 1
    if (size > 0 && size + bytes > room) {
      parts.push([])
      size = 0
    }
    parts.at(-1)?.push(text)
    size += bytes
  }
  return parts.map((part) => bodyOf(change, part))
}

const recordText = ({ key, value, syncCount, updatedAt, deviceUpdatedAt }: StreamedRecord): string =>
  JSON.stringify({
    key,
    value: value ?? null,
    syncCount,
    lastModifiedDate: updatedAt,
    deviceLastModifiedDate: deviceUpdatedAt ?? null,
    op: value === undefined ? 'remove' : 'replace',
  })

/** The records stand in the middle, already written. */
function bodyOf(change: StreamChange, records: readonly string[]): string {
  const { identityPoolId, identityId, datasetName, operation, updatedAt, syncCount } = change
  const head = JSON.stringify({ identityPoolId, identityId, dataSetName: datasetName, operation })
  const tail = JSON.stringify({
    lastModifiedDate: updatedAt,
    kinesisSyncRecordsURL: null,
    payloadType: 'Inline',
    syncCount,
  })
  return `${head.slice(0, -1)},"kinesisSyncRecords":[${records.join(',')}],${tail.slice(1)}`
}
