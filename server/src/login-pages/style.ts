// The stylesheet of the login pages. Colours are variables, so that branding changes a few lines of it. The classes that end
// in `-customizable` are those of Cognito's classic pages, for stylesheets that customers have
// (docs/reference/oauth-and-federation.md 16); everything else about an element has a class of its own.

export const loginStyle = `
:root {
  color-scheme: light dark;
  --page: #f4f5f7; --card: #ffffff; --line: #d5dae1; --text: #171c24; --muted: #5a6472;
  --accent: #1a56c4; --accent-hover: #14449c; --on-accent: #ffffff;
  --field: #ffffff; --field-line: #8a94a3; --error: #b3261e; --error-back: #fdeceb; --note: #1d5e3a; --note-back: #e7f5ec;
  --radius: 10px; --shadow: 0 1px 2px rgb(16 24 40 / 6%), 0 8px 28px rgb(16 24 40 / 8%);
}
@media (prefers-color-scheme: dark) {
  :root {
    --page: #0f1319; --card: #181e27; --line: #2c3542; --text: #e9edf3; --muted: #a3adbb;
    --accent: #8ab4ff; --accent-hover: #b0ccff; --on-accent: #0b1a33;
    --field: #10151d; --field-line: #6b7687; --error: #ffb4ab; --error-back: #3b1c1a; --note: #9fdfb8; --note-back: #15301f;
    --shadow: none;
  }
}
*, *::before, *::after { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; }
body {
  margin: 0; min-height: 100vh; min-height: 100dvh; display: grid; place-items: center; padding: 24px 16px;
  background: var(--page); color: var(--text);
  font: 16px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "Open Sans", sans-serif;
}
main { width: 100%; max-width: 400px; }
.card { background: var(--card); border: 1px solid var(--line); border-radius: 16px; box-shadow: var(--shadow); padding: 36px 32px 32px; }
h1 { margin: 0 0 6px; font-size: 1.5rem; line-height: 1.25; letter-spacing: -0.015em; font-weight: 650; overflow-wrap: anywhere; }
.lead { margin: 0 0 24px; color: var(--muted); overflow-wrap: anywhere; }
h1 + form, h1 + .message { margin-top: 22px; }
form { margin: 0; }
.field { margin-bottom: 18px; }
.field-head { display: flex; flex-wrap: wrap; justify-content: space-between; align-items: baseline; gap: 0 12px; margin-bottom: 6px; }
label { font-weight: 550; font-size: 0.9375rem; }
input.text, select.text, textarea.text {
  display: block; width: 100%; min-height: 46px; padding: 10px 12px; font: inherit; color: inherit;
  background: var(--field); border: 1px solid var(--field-line); border-radius: var(--radius);
}
input.text:focus-visible, select.text:focus-visible, textarea.text:focus-visible { outline: 2px solid var(--accent); outline-offset: 0; border-color: var(--accent); }
input.code { font: 600 1.375rem/1.3 ui-monospace, "Cascadia Mono", Menlo, Consolas, monospace; letter-spacing: 0.3em; text-align: center; }
input[aria-invalid="true"] { border-color: var(--error); }
.hint { margin: 6px 0 0; color: var(--muted); font-size: 0.875rem; }
.rules { margin: -8px 0 18px; }
.rules ul { margin: 4px 0 0; padding-inline-start: 1.25em; }
.submit, .choice {
  display: flex; align-items: center; justify-content: center; gap: 10px; width: 100%; min-height: 48px; padding: 11px 16px;
  font: inherit; font-weight: 600; text-align: center; text-decoration: none; border-radius: var(--radius); cursor: pointer;
}
.submit { border: 1px solid transparent; background: var(--accent); color: var(--on-accent); }
.submit:hover { background: var(--accent-hover); }
.choice { border: 1px solid var(--field-line); background: transparent; color: inherit; margin-bottom: 10px; }
.choice.other { margin: 10px 0 0; }
.choice:hover { border-color: var(--accent); color: var(--accent); }
.submit:focus-visible, .choice:focus-visible, a:focus-visible, summary:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
a { color: var(--accent); text-underline-offset: 2px; }
a.quiet { font-size: 0.9375rem; }
.message { margin: 0 0 20px; padding: 11px 14px; border-radius: var(--radius); font-size: 0.9375rem; overflow-wrap: anywhere; }
.message.error { background: var(--error-back); color: var(--error); }
.message.note { background: var(--note-back); color: var(--note); }
.providers { margin-top: 22px; }
.providers > .choice:last-child { margin-bottom: 0; }
.choice svg { flex: none; width: 20px; height: 20px; }
.divider { display: flex; align-items: center; gap: 12px; margin: 22px 0; color: var(--muted); font-size: 0.875rem; }
.divider::before, .divider::after { content: ""; flex: 1; border-top: 1px solid var(--line); }
.consent-head { margin: 0 0 6px; font-weight: 550; }
.consent { margin: 0 0 16px; padding-inline-start: 1.25em; overflow-wrap: anywhere; }
.decision { margin-top: 22px; }
.below { margin: 22px 0 0; text-align: center; color: var(--muted); font-size: 0.9375rem; }
.logo { display: block; max-width: 70%; max-height: 72px; margin: 0 auto 24px; }
.identity { display: flex; align-items: center; gap: 10px; margin: -4px 0 22px; color: var(--muted); overflow-wrap: anywhere; }
.qr { display: block; width: 208px; height: 208px; margin: 4px auto 18px; background: #fff; border-radius: var(--radius); }
.secret { font: 600 0.9375rem/1.5 ui-monospace, "Cascadia Mono", Menlo, Consolas, monospace; letter-spacing: 0.04em; overflow-wrap: anywhere; user-select: all; -webkit-user-select: all; }
.on-device { margin: -6px 0 12px; text-align: center; }
.by-hand { margin: 0 0 18px; font-size: 0.9375rem; }
.by-hand summary { cursor: pointer; color: var(--accent); text-align: center; border-radius: 4px; }
.by-hand .secret { margin: 8px 0 0; text-align: center; }
.again { display: flex; flex-wrap: wrap; justify-content: center; gap: 4px 20px; margin-top: 18px; }
.link {
  min-height: 32px; padding: 4px 2px; border: 0; background: none; color: var(--accent); font: inherit; font-size: 0.9375rem;
  text-decoration: underline; text-underline-offset: 2px; cursor: pointer; border-radius: 4px;
}
.link:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
[hidden] { display: none !important; }
@media (max-width: 480px) {
  body { place-items: start stretch; padding: 0; background: var(--card); }
  main { max-width: none; }
  .card { border: 0; border-radius: 0; box-shadow: none; padding: 40px 20px 32px; }
}
@media (prefers-reduced-motion: no-preference) {
  .submit, .choice, input.text { transition: background-color 0.12s, border-color 0.12s, color 0.12s; }
}
@media (forced-colors: active) { .submit, .choice, input.text { border: 1px solid ButtonText; } }
`
