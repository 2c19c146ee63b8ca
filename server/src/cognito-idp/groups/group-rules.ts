// Precedence of groups, and the roles that follow from it. Pure. docs/reference/user-pools.md 18.1.

import type { Group } from './group-store.ts'

type Ranked = Pick<Group, 'name' | 'precedence' | 'roleArn'>

const rank = (group: Ranked): number => group.precedence ?? Number.POSITIVE_INFINITY

/** Lowest precedence value first; groups without one last; equal ones by name. */
export function sortByPrecedence<G extends Ranked>(groups: readonly G[]): G[] {
  return [...groups].sort((a, b) => (rank(a) === rank(b) ? (a.name < b.name ? -1 : 1) : rank(a) - rank(b)))
}

/** The roles of all groups, in the order of precedence, each once. */
export const rolesOf = (groups: readonly Ranked[]): string[] => [
  ...new Set(sortByPrecedence(groups).flatMap((group) => group.roleArn ?? [])),
]

/** The role of the group with the lowest precedence value; undefined when such groups have different roles. */
export function preferredRole(groups: readonly Ranked[]): string | undefined {
  const withRole = groups.filter((group) => group.roleArn !== undefined)
  const best = Math.min(...withRole.map(rank))
  const roles = new Set(withRole.filter((group) => rank(group) === best).map((group) => group.roleArn))
  return roles.size === 1 ? [...roles][0] : undefined
}

/**
 * What is wrong with a description, as the text of InvalidParameterException: PostgreSQL cannot store NUL in a text.
 */
export const descriptionProblem = (description: string | undefined): string | undefined =>
  description?.includes('\0') ? 'A description must not contain the character U+0000.' : undefined

/** Texts of GroupExistsException and ResourceNotFoundException (docs/reference/user-pools.md 3.3). */
export const GROUP_EXISTS_MESSAGE = 'A group with the name already exists in this userpool.'
export const NO_SUCH_GROUP_MESSAGE = 'Group not found.'
