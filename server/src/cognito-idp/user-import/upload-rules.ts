// What an upload's Content-Range says. Pure. docs/behaviour/user-import.md.

/** A piece of a file, or (without `first`) the question how much of it has arrived. `total`: bytes of the whole file. */
export interface UploadRange {
  readonly first: number | undefined
  readonly last: number
  readonly total: number
}

/** Undefined for a header that is not a range of a file whose size is known. */
export function parseUploadRange(header: string): UploadRange | undefined {
  const [, first, last, total] = /^bytes (?:(\d{1,15})-(\d{1,15})|\*)\/(\d{1,15})$/i.exec(header.trim()) ?? []
  if (total === undefined) return undefined
  if (first === undefined) return { first, last: 0, total: Number(total) }
  const range = { first: Number(first), last: Number(last), total: Number(total) }
  return range.first <= range.last && range.last < range.total ? range : undefined
}
