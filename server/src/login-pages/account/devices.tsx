// GET and POST /account/devices: devices that applications have had remembered, and forgetting them.
import { type Device, listDevices } from '../../cognito-idp/devices/device-store.ts'
import { forgetDevice } from '../../cognito-idp/devices/require-device.ts'
import { limits } from '../../cognito-idp/limits.ts'
import type { Context } from '../../context.ts'
import type { PoolRequest } from '../../oauth/endpoint.ts'
import { ACCOUNT_PAGE } from '../../oauth/own-pages.ts'
import { attempt } from '../account-problem.ts'
import { type Account, forAccount } from './account.ts'
import { accountPage, foreignForm, Row, RowButton, type Said, saidOf, When } from './parts.tsx'

const DEVICES_PAGE = `${ACCOUNT_PAGE}/devices`

export const devicesPage = forAccount({
  category: 'UserResourceRead',
  answer: (context, request, account) => showDevices(context, request, account),
})

export const postDevices = forAccount({
  category: 'UserResourceUpdate',
  answer: async (context, request, account) => {
    const foreign = foreignForm(request)
    if (foreign) return showDevices(context, request, account, foreign)
    const { pool, user } = account
    const id = { userPoolId: pool.id, sub: user.sub, key: request.form.get('device') ?? '' }
    const tried = await attempt(request, 'ForgetDevice', () => forgetDevice(context, id, 'user'))
    const said = 'problem' in tried ? saidOf(request, tried.problem) : ({ note: 'removed' } as const)
    return showDevices(context, request, account, said)
  },
})

async function showDevices(
  context: Context,
  request: PoolRequest,
  { pool, user }: Account,
  said: Said = {},
): Promise<Response> {
  const id = { userPoolId: pool.id, sub: user.sub }
  const devices = await listDevices(context.db, id, '', limits.devicesPerUser.max)
  return accountPage(request, {
    title: 'accountDevices',
    said,
    body: (frame) => {
      const { words } = frame.language
      return (
        <>
          <p class="lead">{devices.length === 0 ? words.devicesNone : words.accountDevicesAbout}</p>
          <ul class="rows">
            {newestFirst(devices).map(({ key, name = key, lastIp, authenticatedAt }) => (
              <Row
                title={name}
                about={[
                  lastIp,
                  <>
                    {words.lastUsed} <When frame={frame} at={authenticatedAt} withTime />
                  </>,
                ]}
              >
                <RowButton frame={frame} to={DEVICES_PAGE} fields={{ device: key }} about={name}>
                  {words.remove}
                </RowButton>
              </Row>
            ))}
          </ul>
        </>
      )
    },
  })
}

const newestFirst = (devices: readonly Device[]): Device[] =>
  [...devices].sort((one, other) => other.authenticatedAt - one.authenticatedAt)
