// What CSS of the classic login pages may set: for each class the properties, with the values that each may have in the
// notation of the CSS specifications. docs/reference/oauth-and-federation.md 16; border-radius, and what pages get from
// AWS's own template beyond that list: docs/behaviour/login-pages.md.

const COLOUR = '<color>'
const LENGTH = '<length-percentage [0,∞]>'
const SIDES = `${LENGTH}{1,4}`
const SIZE = `${LENGTH} | auto`
const FONT_SIZE = "<'font-size'>"
const FONT_WEIGHT = "<'font-weight'>"
const BORDER = "<'border'>"
const RADIUS = `${LENGTH}{1,4}`
const ALIGN = 'left | right | center | start | end | justify'
const DISPLAY = 'block | inline | none'
const MARGIN = '[ <length-percentage> | auto ]{1,4}'
const MARGIN_SIDE = '<length-percentage> | auto'

type Properties = Readonly<Record<string, string>>

const description: Properties = {
  'padding-top': LENGTH,
  'padding-bottom': LENGTH,
  display: DISPLAY,
  'font-size': FONT_SIZE,
  color: COLOUR,
}

const margins: Properties = {
  margin: MARGIN,
  'margin-top': MARGIN_SIDE,
  'margin-right': MARGIN_SIDE,
  'margin-bottom': MARGIN_SIDE,
  'margin-left': MARGIN_SIDE,
}

const paddings: Properties = {
  padding: SIDES,
  'padding-top': LENGTH,
  'padding-right': LENGTH,
  'padding-bottom': LENGTH,
  'padding-left': LENGTH,
}

const hovered: Properties = { color: COLOUR, 'background-color': COLOUR, 'border-color': '<color>{1,4}' }

/** By selector: a class of the pages, or a class in a state. */
export const CSS_GRAMMAR: Readonly<Record<string, Properties>> = {
  '.background-customizable': { 'background-color': COLOUR },
  '.banner-customizable': { ...paddings, 'background-color': COLOUR },
  '.errorMessage-customizable': {
    ...margins,
    ...paddings,
    'font-size': FONT_SIZE,
    width: SIZE,
    background: COLOUR,
    'background-color': COLOUR,
    border: BORDER,
    color: COLOUR,
    'box-sizing': 'border-box | content-box',
  },
  '.idpButton-customizable': {
    ...hovered,
    height: SIZE,
    width: SIZE,
    'text-align': ALIGN,
    'margin-bottom': MARGIN_SIDE,
    'border-radius': RADIUS,
  },
  '.idpButton-customizable:hover': hovered,
  '.idpDescription-customizable': description,
  '.inputField-customizable': {
    width: SIZE,
    height: SIZE,
    color: COLOUR,
    'background-color': COLOUR,
    border: BORDER,
    'border-radius': RADIUS,
  },
  '.inputField-customizable:focus': { 'border-color': '<color>{1,4}', outline: "<'outline'>" },
  '.label-customizable': { 'font-weight': FONT_WEIGHT, color: COLOUR },
  '.legalText-customizable': { color: COLOUR, 'font-size': FONT_SIZE },
  '.logo-customizable': { 'max-width': LENGTH, 'max-height': LENGTH, 'background-color': COLOUR },
  '.passwordCheck-valid-customizable': { color: COLOUR },
  '.passwordCheck-notValid-customizable': { color: COLOUR },
  '.redirect-customizable': { 'text-align': ALIGN, color: COLOUR, 'font-size': FONT_SIZE },
  '.socialButton-customizable': {
    height: SIZE,
    'text-align': ALIGN,
    width: SIZE,
    'margin-bottom': MARGIN_SIDE,
    'border-radius': RADIUS,
    padding: SIDES,
  },
  '.submitButton-customizable': {
    ...margins,
    'font-size': FONT_SIZE,
    'font-weight': FONT_WEIGHT,
    width: SIZE,
    height: SIZE,
    color: COLOUR,
    'background-color': COLOUR,
    border: BORDER,
    'border-radius': RADIUS,
  },
  '.submitButton-customizable:hover': hovered,
  '.textDescription-customizable': description,
}
