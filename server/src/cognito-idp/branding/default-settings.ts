// The settings document of managed login with the values of a style that sets none. It is also what a document may have:
// settings-rules.ts compares with it. Colours are RRGGBBAA. docs/reference/oauth-and-federation.md 17.6.

/** A part that has its values for light and for dark. */
const modes = <Of>(lightMode: Of, darkMode: Of) => ({ darkMode, lightMode })

const status = (backgroundColor: string, borderColor: string) => ({
  backgroundColor,
  borderColor,
  indicatorColor: borderColor,
})
const button = (backgroundColor: string, borderColor: string, textColor = borderColor) => ({
  backgroundColor,
  borderColor,
  textColor,
})
const primary = (backgroundColor: string, textColor: string) => ({ backgroundColor, textColor })

const bar = {
  backgroundImage: { enabled: false },
  ...modes(
    { background: { color: 'fafafaff' }, borderColor: 'd5dbdbff' },
    { background: { color: '0f141aff' }, borderColor: '424650ff' },
  ),
  logo: { enabled: false, location: 'START' },
}

const LIGHT_ERROR = { backgroundColor: 'fff7f7ff', borderColor: 'd91515ff' }
const DARK_ERROR = { backgroundColor: '1a0000ff', borderColor: 'eb6f6fff' }

/** Of a button of an identity provider, standard or custom. */
export const defaultIdpButton = modes(
  {
    active: button('d3e7f9ff', '033160ff'),
    defaults: button('ffffffff', '424650ff'),
    hover: button('f2f8fdff', '033160ff'),
  },
  {
    active: button('354150ff', '89bdeeff'),
    defaults: button('0f1b2aff', 'c6c6cdff'),
    hover: button('192534ff', '89bdeeff'),
  },
)

export const defaultSettings = {
  categories: {
    auth: {
      authMethodOrder: [
        [
          { display: 'BUTTON', type: 'FEDERATED' },
          { display: 'INPUT', type: 'USERNAME_PASSWORD' },
        ],
      ],
      federation: { interfaceStyle: 'BUTTON_LIST', order: [] },
    },
    form: {
      displayGraphics: true,
      instructions: { enabled: false },
      languageSelector: { enabled: false },
      location: { horizontal: 'CENTER', vertical: 'CENTER' },
      sessionTimerDisplay: 'NONE',
    },
    global: {
      colorSchemeMode: 'LIGHT',
      pageFooter: { enabled: false },
      pageHeader: { enabled: false },
      spacingDensity: 'REGULAR',
    },
    signUp: { acceptanceElements: [{ enforcement: 'NONE', textKey: 'en' }] },
  },
  componentClasses: {
    buttons: { borderRadius: 8 },
    divider: modes({ borderColor: 'ebebf0ff' }, { borderColor: '232b37ff' }),
    dropDown: {
      borderRadius: 8,
      ...modes(
        {
          defaults: { itemBackgroundColor: 'ffffffff' },
          hover: { itemBackgroundColor: 'f4f4f4ff', itemBorderColor: '7d8998ff', itemTextColor: '000716ff' },
          match: { itemBackgroundColor: '414d5cff', itemTextColor: '0972d3ff' },
        },
        {
          defaults: { itemBackgroundColor: '192534ff' },
          hover: { itemBackgroundColor: '081120ff', itemBorderColor: '5f6b7aff', itemTextColor: 'e9ebedff' },
          match: { itemBackgroundColor: 'd1d5dbff', itemTextColor: '89bdeeff' },
        },
      ),
    },
    focusState: modes({ borderColor: '0972d3ff' }, { borderColor: '539fe5ff' }),
    idpButtons: { icons: { enabled: true } },
    input: {
      borderRadius: 8,
      ...modes(
        { defaults: { backgroundColor: 'ffffffff', borderColor: '7d8998ff' }, placeholderColor: '5f6b7aff' },
        { defaults: { backgroundColor: '0f1b2aff', borderColor: '5f6b7aff' }, placeholderColor: '8d99a8ff' },
      ),
    },
    inputDescription: modes({ textColor: '5f6b7aff' }, { textColor: '8d99a8ff' }),
    inputLabel: modes({ textColor: '000716ff' }, { textColor: 'd1d5dbff' }),
    link: modes(
      { defaults: { textColor: '0972d3ff' }, hover: { textColor: '033160ff' } },
      { defaults: { textColor: '539fe5ff' }, hover: { textColor: '89bdeeff' } },
    ),
    optionControls: modes(
      {
        defaults: { backgroundColor: 'ffffffff', borderColor: '7d8998ff' },
        selected: { backgroundColor: '0972d3ff', foregroundColor: 'ffffffff' },
      },
      {
        defaults: { backgroundColor: '0f1b2aff', borderColor: '7d8998ff' },
        selected: { backgroundColor: '539fe5ff', foregroundColor: '000716ff' },
      },
    ),
    statusIndicator: modes(
      {
        error: status('fff7f7ff', 'd91515ff'),
        pending: { indicatorColor: 'aaaaaaaa' },
        success: status('f2fcf3ff', '037f0cff'),
        warning: status('fffce9ff', '8d6605ff'),
      },
      {
        error: status('1a0000ff', 'eb6f6fff'),
        pending: { indicatorColor: 'aaaaaaaa' },
        success: status('001a02ff', '29ad32ff'),
        warning: status('1d1906ff', 'e0ca57ff'),
      },
    ),
  },
  components: {
    alert: { borderRadius: 12, ...modes({ error: LIGHT_ERROR }, { error: DARK_ERROR }) },
    favicon: { enabledTypes: ['ICO', 'SVG'] },
    form: {
      backgroundImage: { enabled: false },
      borderRadius: 8,
      ...modes(
        { backgroundColor: 'ffffffff', borderColor: 'c6c6cdff' },
        { backgroundColor: '0f1b2aff', borderColor: '424650ff' },
      ),
      logo: { enabled: false, formInclusion: 'IN', location: 'CENTER', position: 'TOP' },
    },
    idpButton: { custom: {}, standard: defaultIdpButton },
    pageBackground: { image: { enabled: true }, ...modes({ color: 'ffffffff' }, { color: '0f1b2aff' }) },
    pageFooter: bar,
    pageHeader: bar,
    pageText: modes(
      { bodyColor: '414d5cff', descriptionColor: '414d5cff', headingColor: '000716ff' },
      { bodyColor: 'b6bec9ff', descriptionColor: 'b6bec9ff', headingColor: 'd1d5dbff' },
    ),
    phoneNumberSelector: { displayType: 'TEXT' },
    primaryButton: modes(
      {
        active: primary('033160ff', 'ffffffff'),
        defaults: primary('0972d3ff', 'ffffffff'),
        disabled: { backgroundColor: 'ffffffff', borderColor: 'ffffffff' },
        hover: primary('033160ff', 'ffffffff'),
      },
      {
        active: primary('539fe5ff', '000716ff'),
        defaults: primary('539fe5ff', '000716ff'),
        disabled: { backgroundColor: 'ffffffff', borderColor: 'ffffffff' },
        hover: primary('89bdeeff', '000716ff'),
      },
    ),
    secondaryButton: modes(
      {
        active: button('d3e7f9ff', '033160ff'),
        defaults: button('ffffffff', '0972d3ff'),
        hover: button('f2f8fdff', '033160ff'),
      },
      {
        active: button('354150ff', '89bdeeff'),
        defaults: button('0f1b2aff', '539fe5ff'),
        hover: button('192534ff', '89bdeeff'),
      },
    ),
  },
}
