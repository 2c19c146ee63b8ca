// ARN operators: Equals and Like are the same (docs/reference/identity-pools-sts-iam-sync.md 16.4). A value that is
// not an ARN does not match.
import { compileArnPattern, splitArn } from '../arn-pattern.ts'
import { readPieces } from '../variables.ts'
import { both } from './operator.ts'

export const [arnLike, arnNotLike] = both((value, variables) => {
  const pattern = compileArnPattern(readPieces(value, { wildcards: true, variables }), { padded: false })
  return {
    matches(text, context) {
      const arn = splitArn(text)
      if (arn === undefined) return undefined
      return pattern.matches(arn, context) || (pattern.resolves(context) ? false : undefined)
    },
  }
})
