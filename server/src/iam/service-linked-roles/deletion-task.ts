// The ids of deletions of service-linked roles. A deletion is over when it is answered, so nothing is kept of it: the id
// says what was deleted, and a code in it that it is one of ours.
import type { Context } from '../../context.ts'
import { uuid } from '../../crypto/random-ids.ts'

const FORM = /^task(\/aws-service-role\/[!-.0-~]{1,128}\/[\w+=,.@-]{1,64})\/([0-9a-f]{16})-([0-9a-f]{32})$/
const PURPOSE = 'service-linked role deletion'

/** `task/aws-service-role/<service>/<role>/<id>`. */
export function newDeletionTask({ sealer, random }: Pick<Context, 'sealer' | 'random'>, role: string): string {
  const id = uuid((count) => random.bytes(count))
    .replaceAll('-', '')
    .slice(0, 16)
  return `task${role}/${id}-${codes(sealer, role, id)[0]}`
}

/** Whether the id is of a deletion that took place. */
export function isDeletionTask({ sealer }: Pick<Context, 'sealer'>, taskId: string): boolean {
  const [, role = '', id = '', code = ''] = FORM.exec(taskId) ?? []
  return role !== '' && codes(sealer, role, id).includes(code)
}

/** The role that was deleted, as policies name it; undefined for an id of no task. */
export function taskRoleResource(taskId: string): string | undefined {
  const [, role] = FORM.exec(taskId) ?? []
  return role && `role${role}`
}

/** Under the current master key and those before it. */
const codes = (sealer: Context['sealer'], role: string, id: string): string[] =>
  sealer.macs(PURPOSE, `${role} ${id}`).map((mac) => mac.toString('hex').slice(0, 32))
