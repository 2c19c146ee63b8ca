import { invalid, type Refusal } from '../refusal-rules.ts'
import { limits } from './limits.ts'

/** Entries of a page where the request names no number, for lists of datasets and usages. */
const USUAL_PAGE = 64

/** Refuses a negative MaxResults. */
export const pageRefusal = (maxResults: number | undefined): Refusal | undefined =>
  maxResults !== undefined && maxResults < 0 ? invalid('maxResults must not be negative.') : undefined

/** Entries of a page: as many as asked for, and no more than the limit; `usual` for 0 and absent. */
export const pageSize = (maxResults: number | undefined, usual: number = USUAL_PAGE): number =>
  Math.min(maxResults || usual, limits.page.max)
