// Ids of deletion tasks of service-linked roles. The role is deleted before the answer, so tasks are not stored: an id
// holds the name of the role and a MAC, which proves that this server issued it.
import type { Context } from '../../context.ts'
import { uuid } from '../../crypto/random-ids.ts'

const FORM = /^task(\/aws-service-role\/[!-.0-~]{1,128}\/[\w+=,.@-]{1,64})\/([0-9a-f]{16})-([0-9a-f]{32})$/
const PURPOSE = 'service-linked role deletion'

/** `task/aws-service-role/<service>/<role>/<id>`. */
export function newDeletionTask({ sealer, random }: Pick<Context, 'sealer' | 'random'>, role: string): string {
  const id = uuid((count) => random.bytes(count))
    .replaceAll('-', '')
    .slice(0, 16)
  return `task${role}/${id}-${macsOf(sealer, role, id)[0]}`
}

/** Whether this server issued the id. */
export function isDeletionTask({ sealer }: Pick<Context, 'sealer'>, taskId: string): boolean {
  const [, role = '', id = '', mac = ''] = FORM.exec(taskId) ?? []
  return role !== '' && macsOf(sealer, role, id).includes(mac)
}

/** The resource of the deleted role, as in its ARN; undefined for a text that is not an id of a task. */
export function taskRoleResource(taskId: string): string | undefined {
  const [, role] = FORM.exec(taskId) ?? []
  return role && `role${role}`
}

/** The MACs under the current master key and the previous ones. */
const macsOf = (sealer: Context['sealer'], role: string, id: string): string[] =>
  sealer.macs(PURPOSE, `${role} ${id}`).map((mac) => mac.toString('hex').slice(0, 32))
