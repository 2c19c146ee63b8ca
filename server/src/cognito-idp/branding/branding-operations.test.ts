// Styles of managed login, through the API, and their images as a browser gets them.
import {
  type AssetType,
  CreateManagedLoginBrandingCommand,
  DeleteManagedLoginBrandingCommand,
  DeleteUserPoolClientCommand,
  DescribeManagedLoginBrandingByClientCommand,
  DescribeManagedLoginBrandingCommand,
  type ManagedLoginBrandingType,
  UpdateManagedLoginBrandingCommand,
} from '@aws-sdk/client-cognito-identity-provider'
import { describe, expect, it } from 'vitest'
import { engines, expectRefusal, makeClient, makePool, usePool, useTestServer } from '../../../test/harness.ts'
import { ICO, JPEG, PNG, SVG, WEBP } from '../../../test/images.ts'

const GONE = ['ResourceNotFoundException', 'Managed login branding does not exist.'] as const
const logo: AssetType = { Category: 'FORM_LOGO', ColorMode: 'LIGHT', Extension: 'PNG', Bytes: PNG }
const settings = { componentClasses: { buttons: { borderRadius: 4 } } }

describe.each(engines)('styles of managed login on %s', (engine) => {
  const server = useTestServer({ engine })
  const at = usePool(server)

  const create = async (input: object = {}): Promise<ManagedLoginBrandingType & { ClientId: string }> => {
    const { ClientId } = await makeClient(server, at.poolId)
    const { ManagedLoginBranding } = await server.admin.send(
      new CreateManagedLoginBrandingCommand({ UserPoolId: at.poolId, ClientId, ...input }),
    )
    return { ClientId, ...ManagedLoginBranding }
  }
  const idOf = ({ ManagedLoginBrandingId }: ManagedLoginBrandingType) => ({
    UserPoolId: at.poolId,
    ManagedLoginBrandingId,
  })
  const show = async (of: ManagedLoginBrandingType, ReturnMergedResources?: boolean) =>
    (await server.admin.send(new DescribeManagedLoginBrandingCommand({ ...idOf(of), ReturnMergedResources })))
      .ManagedLoginBranding
  const update = async (of: ManagedLoginBrandingType, changes: object) =>
    (await server.admin.send(new UpdateManagedLoginBrandingCommand({ ...idOf(of), ...changes }))).ManagedLoginBranding

  it('of provided values says so, and nothing else unless it is asked for the whole', async () => {
    const { ClientId, ...made } = await create({ UseCognitoProvidedValues: true })
    expect(made).toEqual({
      ManagedLoginBrandingId: expect.stringMatching(/^[0-9a-f-]{36}$/),
      UserPoolId: at.poolId,
      UseCognitoProvidedValues: true,
      CreationDate: expect.any(Date),
      LastModifiedDate: expect.any(Date),
    })
    expect(await show(made)).toEqual(made)
    const whole = await show(made, true)
    expect(whole?.Settings).toMatchObject({
      categories: { global: { colorSchemeMode: 'LIGHT' } },
      components: { primaryButton: { lightMode: { defaults: { backgroundColor: '0972d3ff' } } } },
    })
    const byClient = await server.admin.send(
      new DescribeManagedLoginBrandingByClientCommand({ UserPoolId: at.poolId, ClientId, ReturnMergedResources: true }),
    )
    expect(byClient.ManagedLoginBranding).toEqual(whole)
  })

  it('shows what it sets alone, or merged into the defaults, which can be sent back', async () => {
    const made = await create({ Settings: settings, Assets: [logo] })
    expect(made).toMatchObject({ UseCognitoProvidedValues: false, Settings: settings, Assets: [logo] })
    const whole = await show(made, true)
    const classes = { buttons: { borderRadius: 4 }, input: { borderRadius: 8 } }
    expect(whole).toMatchObject({ Settings: { componentClasses: classes }, Assets: [logo] })
    const again = await update(made, { Settings: whole?.Settings, Assets: whole?.Assets })
    expect(again).toMatchObject({ Settings: whole?.Settings, Assets: [logo] })
  })

  it('keeps what an update does not name, and replaces an image by one for the same place', async () => {
    const dark: AssetType = { ...logo, ColorMode: 'DARK' }
    const made = await create({ Settings: settings, Assets: [logo, dark] })
    server.clock.advance(1000)
    const input = { componentClasses: { input: { borderRadius: 2 } } }
    const changed = await update(made, {
      Settings: input,
      Assets: [{ ...logo, Extension: 'JPEG', Bytes: JPEG }],
    })
    expect(changed?.Settings).toEqual({
      componentClasses: { ...settings.componentClasses, ...input.componentClasses },
    })
    expect(changed?.Assets).toEqual([dark, { ...logo, Extension: 'JPEG', Bytes: JPEG }])
    expect(Number(changed?.LastModifiedDate)).toBeGreaterThan(Number(made.LastModifiedDate))
    expect(await show(made)).toEqual(changed)
    const provided = await update(made, { UseCognitoProvidedValues: true })
    expect(provided).not.toHaveProperty('Settings')
    expect(provided).not.toHaveProperty('Assets')
    expect(await update(made, { Settings: settings })).toMatchObject({
      UseCognitoProvidedValues: false,
      Settings: settings,
    })
  })

  it('is one for each client, also when many ask at once', async () => {
    const { ClientId } = await makeClient(server, at.poolId)
    const input = { UserPoolId: at.poolId, ClientId, UseCognitoProvidedValues: true }
    const calls = Array.from({ length: 8 }, () => server.admin.send(new CreateManagedLoginBrandingCommand(input)))
    const answers = await Promise.allSettled(calls)
    expect(answers.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
    const message = 'Managed login branding already exists for this app client.'
    for (const answer of answers)
      if (answer.status === 'rejected')
        expect(answer.reason).toMatchObject({ name: 'ManagedLoginBrandingExistsException', message })
  })

  it('gives way to another after its deletion, and goes with its client', async () => {
    const { ClientId, ...made } = await create({ Assets: [logo] })
    await server.admin.send(new DeleteManagedLoginBrandingCommand(idOf(made)))
    await expectRefusal(show(made), ...GONE)
    const of = { UserPoolId: at.poolId, ClientId }
    const second = await server.admin.send(new CreateManagedLoginBrandingCommand({ ...of, Assets: [logo] }))
    await server.admin.send(new DeleteUserPoolClientCommand(of))
    await expectRefusal(show(second.ManagedLoginBranding as ManagedLoginBrandingType), ...GONE)
  })

  it('takes a request of two megabytes, and no larger one', async () => {
    const large = Buffer.concat([PNG, Buffer.alloc(1_000_000 - PNG.length)])
    const made = await create({ Assets: [{ ...logo, Bytes: large }] })
    expect(made.Assets?.[0]?.Bytes).toHaveLength(1_000_000)
    const { status, json } = await server.raw('CreateManagedLoginBranding', 'x'.repeat(2 * 1024 * 1024 + 1))
    expect({ status, message: json.message }).toEqual({
      status: 413,
      message: 'The request body is larger than 2097152 bytes.',
    })
    expect((await server.raw('CreateUserPool', 'x'.repeat(1024 * 1024 + 1))).status).toBe(413)
  })

  const refusals: readonly [string, object, string | RegExp][] = [
    [
      'settings beside provided values',
      { UseCognitoProvidedValues: true, Settings: settings },
      'Settings and Assets can not be specified when UseCognitoProvidedValues is true.',
    ],
    [
      'an unknown property',
      { Settings: { components: { form: { shadow: true } } } },
      'Invalid Settings: Settings.components.form.shadow is an unknown property.',
    ],
    ['bytes of another type', { Assets: [{ ...logo, Bytes: JPEG }] }, 'Media type not supported'],
    ['no bytes', { Assets: [{ ...logo, Bytes: undefined }] }, 'The asset FORM_LOGO has no Bytes.'],
    [
      'two images for one place',
      { Assets: [logo, logo] },
      'Assets has more than one FORM_LOGO of the same color mode.',
    ],
    [
      'a favicon that is none',
      { Assets: [{ ...logo, Category: 'FAVICON_ICO' }] },
      'The asset FAVICON_ICO can not have the extension PNG.',
    ],
    [
      'an icon as logo',
      { Assets: [{ ...logo, Extension: 'ICO', Bytes: ICO }] },
      'The asset FORM_LOGO can not have the extension ICO.',
    ],
  ]
  it.each(refusals)('refuses %s', async (_, input, message) => {
    await expectRefusal(create(input), 'InvalidParameterException', message)
    const made = await create({ UseCognitoProvidedValues: true })
    await expectRefusal(update(made, input), 'InvalidParameterException', message)
    expect(await show(made)).toMatchObject({ UseCognitoProvidedValues: true })
  })

  it('refuses more than 40 images over several requests', async () => {
    const many = (from: number, count: number): AssetType[] =>
      Array.from({ length: count }, (_, n) => ({ ...logo, Category: 'IDP_BUTTON_ICON', ResourceId: `${from + n}` }))
    const made = await create({ Assets: many(0, 39) })
    await update(made, { Assets: many(38, 2) })
    await expectRefusal(
      update(made, { Assets: many(40, 1) }),
      'InvalidParameterException',
      'A style can not have more than 40 assets.',
    )
  })

  it('an update needs the ids', async () => {
    const send = (input: object) => server.admin.send(new UpdateManagedLoginBrandingCommand(input as never))
    await expectRefusal(send({}), 'InvalidParameterException', 'UserPoolId is required.')
    await expectRefusal(
      send({ UserPoolId: at.poolId }),
      'InvalidParameterException',
      'ManagedLoginBrandingId is required.',
    )
  })

  const calls = [
    {
      operation: 'DescribeManagedLoginBranding',
      send: (input: Named) => server.admin.send(new DescribeManagedLoginBrandingCommand(input)),
    },
    {
      operation: 'UpdateManagedLoginBranding',
      send: (input: Named) => server.admin.send(new UpdateManagedLoginBrandingCommand(input)),
    },
    {
      operation: 'DeleteManagedLoginBranding',
      send: (input: Named) => server.admin.send(new DeleteManagedLoginBrandingCommand(input)),
    },
  ]
  it.each(calls)('$operation does not know a style of another pool, or a deleted one', async ({ operation, send }) => {
    const { ManagedLoginBrandingId } = await create({ UseCognitoProvidedValues: true })
    const other = (await makePool(server)).Id
    await expectRefusal(send({ UserPoolId: other, ManagedLoginBrandingId }), ...GONE)
    await server.admin.send(new DeleteManagedLoginBrandingCommand({ UserPoolId: at.poolId, ManagedLoginBrandingId }))
    await expectRefusal(send({ UserPoolId: at.poolId, ManagedLoginBrandingId }), ...GONE)
    const { json } = await server.raw(operation, { UserPoolId: at.poolId, ManagedLoginBrandingId })
    expect(json.__type).toBe('MissingAuthenticationTokenException')
  })

  const byClient = [
    {
      operation: 'CreateManagedLoginBranding',
      send: (input: OfClient) => server.admin.send(new CreateManagedLoginBrandingCommand(input)),
    },
    {
      operation: 'DescribeManagedLoginBrandingByClient',
      send: (input: OfClient) => server.admin.send(new DescribeManagedLoginBrandingByClientCommand(input)),
    },
  ]
  it.each(byClient)('$operation needs a client of the pool', async ({ send }) => {
    const { Id: UserPoolId } = await makePool(server)
    await expectRefusal(
      send({ UserPoolId, ClientId: at.clientId }),
      'ResourceNotFoundException',
      `User pool client ${at.clientId} does not exist.`,
    )
  })

  it('every kind of image comes back as it was sent', async () => {
    const assets: AssetType[] = [
      { Category: 'FAVICON_ICO', ColorMode: 'DYNAMIC', Extension: 'ICO', Bytes: ICO },
      { Category: 'FAVICON_SVG', ColorMode: 'DYNAMIC', Extension: 'SVG', Bytes: SVG },
      { Category: 'PAGE_BACKGROUND', ColorMode: 'DARK', Extension: 'WEBP', Bytes: WEBP },
      { Category: 'PAGE_HEADER_LOGO', ColorMode: 'LIGHT', Extension: 'JPEG', Bytes: JPEG },
      logo,
    ]
    expect((await create({ Assets: assets })).Assets).toEqual(assets)
  })
})

interface Named {
  UserPoolId: string
  ManagedLoginBrandingId: string | undefined
}

interface OfClient {
  UserPoolId: string
  ClientId: string
}
