// Upper bounds that clients, applications or operators may meet. Each is declared once, in the limits.ts of its room;
// docs/limits.md is made from those files (scripts/docs.mjs).

export interface Limit {
  readonly max: number
  /** What is counted, where `bounds` does not say it. `ms` and `seconds` are durations. */
  readonly unit?:
    | 'bytes'
    | 'characters'
    | 'km'
    | 'km/h'
    | 'ms'
    | 'seconds'
    | 'a minute'
    | 'a second'
    | 'an hour'
    | 'a day'
  /** What there is at most so much of. Ends without a full stop. */
  readonly bounds: string
  /** The setting of docs/configuration.md that changes it. */
  readonly setting?: string
  /** Where the number comes from: a section of docs/reference or docs/behaviour, or an RFC. Without one it is ours. */
  readonly source?: string
}

/** Limits by name. */
export type Limits = Readonly<Record<string, Limit>>
