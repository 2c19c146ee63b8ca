// The stylesheet of the login pages. Colours, radii and places are variables, which a style of managed login sets
// (looks/managed-look.ts). All of it is in a layer: CSS of an administrator, which is in none, wins whatever its selectors. The
// classes that end in `-customizable` are those of Cognito's classic pages (docs/reference/oauth-and-federation.md 16).
import type { Scheme } from './looks/look.ts'

const light = `
  --page: #f4f5f7; --card: #fff; --card-line: #e3e7ec; --line: #d5dae1; --text: #171c24; --muted: #5a6472;
  --accent: #1a56c4; --accent-hover: #14449c; --accent-active: #103880; --on-accent: #fff;
  --field: #fff; --field-line: #7f8a99; --error: #a3221b; --error-back: #fdeceb; --note: #1d5e3a; --note-back: #e7f5ec;
  --shadow: 0 1px 2px rgb(16 24 40 / 6%), 0 8px 28px rgb(16 24 40 / 8%);`

const dark = `
  --page: #0f1319; --card: #181e27; --card-line: #252d38; --line: #2c3542; --text: #e9edf3; --muted: #a3adbb;
  --accent: #8ab4ff; --accent-hover: #b0ccff; --accent-active: #cfe0ff; --on-accent: #0b1a33;
  --field: #10151d; --field-line: #6b7687; --error: #ffb4ab; --error-back: #3b1c1a; --note: #9fdfb8; --note-back: #15301f;
  --shadow: none;`

/** Variables that follow others until a style sets them. */
const derived = `
  --heading: var(--text); --label: var(--text); --hint: var(--muted); --placeholder: var(--muted); --focus: var(--accent); --option: var(--field); --option-line: var(--field-line); --option-on: var(--accent); --option-mark: var(--on-accent); --link: var(--accent);
  --link-hover: var(--accent-hover); --on-accent-hover: var(--on-accent); --on-accent-active: var(--on-accent);
  --choice: transparent; --choice-line: var(--field-line); --choice-text: var(--text);
  --choice-hover: transparent; --choice-hover-line: var(--accent); --choice-hover-text: var(--accent);
  --idp: var(--choice); --idp-line: var(--choice-line); --idp-text: var(--choice-text);
  --idp-hover: var(--choice-hover); --idp-hover-line: var(--choice-hover-line); --idp-hover-text: var(--choice-hover-text);
  --error-line: transparent; --note-line: transparent; --drop: transparent; --drop-hover: transparent; --drop-hover-text: var(--link-hover);
  --header: var(--card); --header-line: var(--card-line); --footer: var(--card); --footer-line: var(--card-line);
  --radius-card: 16px; --radius-button: 10px; --radius-field: 10px; --radius-message: 10px; --radius-drop: 6px;
  --across: center; --down: center; --logo: center; --header-logo: start; --footer-logo: start; --space: 1;
  --page-image: none; --card-image: none; --header-image: none; --footer-image: none;`

const rules = `
*, *::before, *::after { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; text-size-adjust: 100%; }
body {
  margin: 0; min-height: 100vh; min-height: 100dvh; display: flex; flex-direction: column;
  background: var(--page) var(--page-image) center / cover no-repeat; color: var(--text);
  font: 16px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "Open Sans", sans-serif;
}
main { flex: 1; display: grid; justify-items: var(--across); align-items: var(--down); padding: 24px 16px; }
.column { width: 100%; max-width: 400px; min-width: 0; }
.card {
  background: var(--card) var(--card-image) center / cover no-repeat; border: 1px solid var(--card-line);
  border-radius: var(--radius-card); box-shadow: var(--shadow); padding: calc(36px * var(--space)) 32px calc(32px * var(--space)); overflow: clip;
}
.bar { display: flex; min-height: 56px; padding: 12px 24px; }
.bar.top { justify-content: var(--header-logo); background: var(--header) var(--header-image) center / cover no-repeat; border-bottom: 1px solid var(--header-line); }
.bar.bottom { justify-content: var(--footer-logo); background: var(--footer) var(--footer-image) center / cover no-repeat; border-top: 1px solid var(--footer-line); }
.bar img { max-width: 240px; max-height: 48px; }
.logo { display: flex; justify-content: var(--logo); }
.logo.before { margin-bottom: calc(24px * var(--space)); }
.logo.after { margin-top: calc(24px * var(--space)); }
.logo img { display: block; max-width: 100%; max-height: 72px; }
.banner { margin: calc(-36px * var(--space)) -32px calc(28px * var(--space)); padding: 24px 32px; display: flex; justify-content: center; }
.banner img { display: block; max-width: 100%; max-height: 178px; }
h1 { margin: 0 0 6px; color: var(--heading); font-size: 1.5rem; line-height: 1.25; letter-spacing: -0.015em; font-weight: 650; overflow-wrap: anywhere; }
h1:lang(ja), h1:lang(ko), h1:lang(zh), h1:lang(ar) { letter-spacing: 0; }
.lead { margin: 0 0 calc(24px * var(--space)); color: var(--muted); overflow-wrap: anywhere; }
h1 + form, h1 + .message { margin-top: calc(22px * var(--space)); }
form { margin: 0; }
h1 + form:has(> .lead) { margin-top: 0; }
.field { display: flex; flex-wrap: wrap; justify-content: space-between; align-items: baseline; gap: 0 12px; margin-bottom: calc(18px * var(--space)); }
label { color: var(--label); font-weight: 550; font-size: 0.9375rem; margin-bottom: 6px; overflow-wrap: anywhere; }
.aside { order: 1; margin-bottom: 6px; }
.text, .field .hint { order: 2; flex: 0 0 auto; width: 100%; }
.text {
  display: block; min-height: 46px; padding: 10px 12px; font: inherit; color: inherit; text-align: start;
  background: var(--field); border: 1px solid var(--field-line); border-radius: var(--radius-field);
}
.text:focus, .text:focus-within { outline: 2px solid var(--focus); outline-offset: 0; border-color: var(--focus); }
.code { font: 600 1.375rem/1.3 ui-monospace, "Cascadia Mono", Menlo, Consolas, monospace; letter-spacing: 0.3em; text-indent: 0.3em; text-align: center; }
.device-code { font: 600 1.375rem/1.3 ui-monospace, "Cascadia Mono", Menlo, Consolas, monospace; letter-spacing: 0.12em; text-align: center; text-transform: uppercase; }
.text[aria-invalid="true"] { border-color: var(--error); }
.hint { margin: 6px 0 0; color: var(--hint); font-size: 0.875rem; }
.legal { margin: calc(14px * var(--space)) 0 0; color: var(--muted); font-size: 0.875rem; text-align: center; }
.rules { margin: -8px 0 18px; }
.rules ul { margin: 4px 0 0; padding-inline-start: 1.25em; }
.submit, .choice {
  display: flex; align-items: center; justify-content: center; gap: 10px; width: 100%; min-height: 48px; padding: 11px 16px;
  font: inherit; font-weight: 600; text-align: center; text-decoration: none; border-radius: var(--radius-button); cursor: pointer;
  overflow-wrap: anywhere; -webkit-appearance: none; appearance: none;
}
.submit { border: 1px solid transparent; background: var(--accent); color: var(--on-accent); }
.submit:hover { background: var(--accent-hover); color: var(--on-accent-hover); }
.submit:active { background: var(--accent-active); color: var(--on-accent-active); }
.choice { border: 1px solid var(--choice-line); background: var(--choice); color: var(--choice-text); margin-bottom: 10px; }
.choice.other { margin: 10px 0 0; }
.choice:hover { border-color: var(--choice-hover-line); background: var(--choice-hover); color: var(--choice-hover-text); }
.idpButton-customizable, .socialButton-customizable { border-color: var(--idp-line); background: var(--idp); color: var(--idp-text); }
.idpButton-customizable:hover, .socialButton-customizable:hover { border-color: var(--idp-hover-line); background: var(--idp-hover); color: var(--idp-hover-text); }
.submit:focus-visible, .choice:focus-visible, a:focus-visible, summary:focus-visible, .link:focus-visible, .languages button:focus-visible { outline: 2px solid var(--focus); outline-offset: 2px; }
a { color: var(--link); text-underline-offset: 2px; }
a:hover { color: var(--link-hover); }
a.choice { color: var(--choice-text); }
a.quiet { font-size: 0.9375rem; }
.message { margin: 0 0 calc(20px * var(--space)); padding: 11px 14px; border: 1px solid transparent; border-radius: var(--radius-message); font-size: 0.9375rem; overflow-wrap: anywhere; }
.error { background: var(--error-back); color: var(--error); border-color: var(--error-line); }
.warning { background: transparent; border-color: var(--field-line); color: inherit; }
.note { background: var(--note-back); color: var(--note); border-color: var(--note-line); }
.divider { display: flex; align-items: center; gap: 12px; margin: calc(22px * var(--space)) 0; color: var(--muted); font-size: 0.875rem; }
.providers { margin-top: calc(22px * var(--space)); }
.providers > .choice:last-child { margin-bottom: 0; }
.choice svg { flex: none; width: 20px; height: 20px; }
.divider::before, .divider::after { content: ""; flex: 1; border-top: 1px solid var(--line); }
.consent-head { margin: 0 0 6px; font-weight: 550; }
.consent { margin: 0 0 16px; padding-inline-start: 1.25em; overflow-wrap: anywhere; }
.device-shown { margin: 0 0 18px; padding: 10px 12px; border: 1px dashed var(--field-line); border-radius: var(--radius-field); font: 600 1.5rem/1.3 ui-monospace, "Cascadia Mono", Menlo, Consolas, monospace; letter-spacing: 0.12em; text-align: center; }
.decision { margin-top: calc(22px * var(--space)); }
.below { margin: calc(22px * var(--space)) 0 0; text-align: center; color: var(--muted); font-size: 0.9375rem; }
.below + .below { margin-top: 8px; }
.qr { display: block; width: 208px; height: 208px; margin: 4px auto 18px; background: #fff; border-radius: 10px; }
.secret { font: 600 0.9375rem/1.5 ui-monospace, "Cascadia Mono", Menlo, Consolas, monospace; letter-spacing: 0.04em; overflow-wrap: anywhere; user-select: all; -webkit-user-select: all; }
.on-device { margin: -6px 0 12px; text-align: center; }
.by-hand { margin: 0 0 18px; font-size: 0.9375rem; }
.by-hand summary { cursor: pointer; color: var(--link); text-align: center; border-radius: 4px; }
.by-hand .secret { margin: 8px 0 0; text-align: center; }
.again { display: flex; flex-wrap: wrap; justify-content: center; gap: 4px 20px; margin-top: calc(18px * var(--space)); }
.link {
  min-height: 32px; padding: 4px 2px; border: 0; background: none; color: var(--link); font: inherit; font-size: 0.9375rem;
  text-decoration: underline; text-underline-offset: 2px; cursor: pointer; border-radius: 4px;
}
.link:hover { color: var(--link-hover); }
.languages { margin: 16px auto 0; max-width: 400px; color: var(--muted); font-size: 0.875rem; text-align: center; }
.languages summary { display: inline-flex; align-items: center; gap: 6px; min-height: 32px; padding: 4px 10px; cursor: pointer; border-radius: 6px; list-style: none; }
.languages summary::-webkit-details-marker { display: none; }
.languages summary:hover { color: var(--text); }
.languages form { display: flex; flex-wrap: wrap; justify-content: center; gap: 2px 4px; padding: 6px 0; }
.languages button { min-height: 32px; padding: 4px 10px; border: 0; background: var(--drop); color: inherit; font: inherit; cursor: pointer; border-radius: var(--radius-drop); }
.languages button:hover { color: var(--drop-hover-text); background: var(--drop-hover); text-decoration: underline; text-underline-offset: 2px; }
.languages button[aria-current] { color: var(--text); font-weight: 600; }
.text::placeholder { color: var(--placeholder); opacity: 1; }
.graphic { display: block; max-width: 100%; max-height: 120px; margin: 0 auto calc(20px * var(--space)); }
.icon { flex: none; width: 20px; height: 20px; object-fit: contain; }
.own > summary { list-style: none; }
.own > summary::-webkit-details-marker { display: none; }
.own > form { margin-top: 18px; }
[hidden] { display: none !important; }
@media (max-width: 480px) {
  body { background-color: var(--card); }
  main { padding: 0 0 24px; align-items: start; }
  .column { max-width: none; }
  .card { border: 0; border-radius: 0; box-shadow: none; padding: 40px 20px 0; }
  .banner { margin: -40px -20px 28px; padding: 24px 20px; }
  .column > .logo { padding: 24px 20px 0; margin: 0; }
}
@media (prefers-reduced-motion: no-preference) {
  .submit, .choice, .text { transition: background-color 0.12s, border-color 0.12s, color 0.12s; }
}
@media (forced-colors: active) { .submit, .choice, .text, .message, .card { border: 1px solid ButtonText; } .qr { forced-color-adjust: none; } }`

/** Rules that the pages of an account alone need (account/). */
const accountRules = `
.rows { margin: calc(20px * var(--space)) 0; padding: 0; list-style: none; }
.rows:empty { display: none; }
.row { display: flex; flex-wrap: wrap; align-items: center; justify-content: space-between; gap: 8px 16px; padding: 14px 0; border-top: 1px solid var(--line); }
.rows > :last-child { border-bottom: 1px solid var(--line); }
.row > div:first-child { flex: 1 1 180px; min-width: 0; }
.row .hint { display: block; margin-top: 2px; overflow-wrap: anywhere; }
.row-title { display: block; margin: 0; color: var(--text); font-weight: 550; overflow-wrap: anywhere; }
.link-row { text-decoration: none; }
.link-row > span { flex: 1; min-width: 0; }
.link-row::after { content: ""; flex: none; width: 8px; height: 8px; margin-inline: 4px; border: solid var(--muted); border-width: 2px 2px 0 0; transform: rotate(45deg); }
[dir="rtl"] .link-row::after { transform: rotate(-135deg); }
.link-row:hover .row-title { color: var(--link-hover); text-decoration: underline; text-underline-offset: 2px; }
.buttons { display: flex; flex-wrap: wrap; gap: 8px; }
.small {
  min-height: 36px; padding: 6px 14px; border: 1px solid var(--choice-line); border-radius: var(--radius-button); background: var(--choice);
  color: var(--choice-text); font: inherit; font-size: 0.9375rem; font-weight: 550; cursor: pointer;
}
.small:hover { border-color: var(--choice-hover-line); background: var(--choice-hover); color: var(--choice-hover-text); }
.check { display: flex; align-items: center; gap: 10px; min-height: 32px; margin-bottom: calc(18px * var(--space)); font-weight: 400; cursor: pointer; }
.check input {
  flex: none; display: grid; place-content: center; width: 20px; height: 20px; margin: 0; -webkit-appearance: none; appearance: none;
  background: var(--option); border: 1px solid var(--option-line); border-radius: 5px; cursor: pointer;
}
.check input::before { content: ""; width: 5px; height: 10px; margin-top: -3px; border: solid transparent; border-width: 0 2px 2px 0; transform: rotate(45deg); }
.check input:checked { background: var(--option-on); border-color: var(--option-on); }
.check input:checked::before { border-color: var(--option-mark); }
.codes { display: grid; grid-template-columns: repeat(auto-fill, minmax(130px, 1fr)); gap: 8px; margin: 0 0 20px; padding: 0; list-style: none; font: 600 1rem/1.5 ui-monospace, "Cascadia Mono", Menlo, Consolas, monospace; }
.small:focus-visible, .check input:focus-visible { outline: 2px solid var(--focus); outline-offset: 2px; }
@media (forced-colors: active) { .check input { appearance: auto; -webkit-appearance: checkbox; } .small { border: 1px solid ButtonText; } }`

const colours: Readonly<Record<Scheme, string>> = {
  light: `:root {${light}}`,
  dark: `:root {${dark}}`,
  'light dark': `:root {${light}} @media (prefers-color-scheme: dark) { :root {${dark}} }`,
}

const sheet = (scheme: Scheme): string =>
  `@layer pages { :root { color-scheme: ${scheme};${derived} } ${colours[scheme]} ${rules} }`.replace(/\s+/g, ' ')

/** Comes after the sheet of every page. */
export const accountStyles = `@layer pages { ${accountRules} }`.replace(/\s+/g, ' ')

/** By the schemes of a look. */
export const loginStyles: Readonly<Record<Scheme, string>> = {
  light: sheet('light'),
  dark: sheet('dark'),
  'light dark': sheet('light dark'),
}
