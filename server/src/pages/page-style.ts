// The stylesheet of all pages, inline in each; its hash is what their Content-Security-Policy allows.
import { createHash } from 'node:crypto'

export const pageStyle = `
:root {
  color-scheme: light dark;
  --page: #f5f6f8; --card: #fff; --line: #dfe3e8; --text: #1b2330; --muted: #5b6675;
  --accent: #0b5cad; --code: #eef4fb; --email: #e3effc; --email-text: #0b4a8b; --sms: #e2f5ea; --sms-text: #17603a;
}
@media (prefers-color-scheme: dark) {
  :root {
    --page: #12161c; --card: #1b212a; --line: #303947; --text: #e8ecf2; --muted: #9aa6b6;
    --accent: #7cb8f5; --code: #22344a; --email: #17324f; --email-text: #a9d1fa; --sms: #16392a; --sms-text: #9fe0bd;
  }
}
* { box-sizing: border-box; }
body { margin: 0; background: var(--page); color: var(--text); font: 16px/1.5 system-ui, "Segoe UI", Roboto, "Open Sans", sans-serif; }
main { max-width: 56rem; margin: 0 auto; padding: 1.5rem 1rem 4rem; }
h1 { margin: 0; font-size: 1.5rem; letter-spacing: -0.01em; }
a { color: var(--accent); }
a:focus-visible, input:focus-visible, button:focus-visible, summary:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
.up { margin: 0 0 0.25rem; font-size: 0.875rem; }
.lead { margin: 0.15rem 0 1.25rem; color: var(--muted); }
.bar { display: flex; flex-wrap: wrap; gap: 0.6rem 1rem; align-items: center; margin-bottom: 1.25rem; }
.bar form { display: flex; flex: 1 1 18rem; gap: 0.5rem; }
.bar input { flex: 1; min-width: 0; }
.bar nav { display: flex; gap: 1rem; }
input, button { font: inherit; color: inherit; padding: 0.45rem 0.75rem; border: 1px solid var(--line); border-radius: 0.5rem; background: var(--card); }
button { cursor: pointer; }
article, .empty, .card { background: var(--card); border: 1px solid var(--line); border-radius: 0.75rem; padding: 1rem 1.15rem; margin-bottom: 1rem; }
article header { display: flex; gap: 0.25rem 0.75rem; align-items: baseline; }
.medium { font-size: 0.75rem; font-weight: 600; padding: 0.1rem 0.55rem; border-radius: 1rem; background: var(--email); color: var(--email-text); }
.sms { background: var(--sms); color: var(--sms-text); }
.to { flex: 1; min-width: 0; font-weight: 600; overflow-wrap: anywhere; }
time { margin-left: auto; color: var(--muted); font-size: 0.875rem; white-space: nowrap; }
h2 { margin: 0.25rem 0 0; font-size: 1rem; font-weight: 400; overflow-wrap: anywhere; }
.code { display: flex; flex-wrap: wrap; gap: 0.1rem 0.9rem; align-items: baseline; margin: 0.75rem 0 0; padding: 0.5rem 0.9rem; border-radius: 0.5rem; background: var(--code); }
.code code { user-select: all; -webkit-user-select: all; font: 600 1.6rem/1.3 ui-monospace, "Cascadia Mono", Menlo, Consolas, monospace; letter-spacing: 0.06em; overflow-wrap: anywhere; }
.code small { color: var(--muted); }
.body { margin: 0.75rem 0 0; white-space: pre-wrap; overflow-wrap: anywhere; }
iframe { display: block; width: 100%; height: 14rem; margin-top: 0.75rem; border: 1px solid var(--line); border-radius: 0.5rem; background: #fff; color-scheme: light; }
details { margin-top: 0.6rem; color: var(--muted); font-size: 0.875rem; }
summary { cursor: pointer; }
pre { margin: 0.5rem 0 0; padding: 0.75rem; border-radius: 0.5rem; background: var(--page); color: var(--text); white-space: pre-wrap; overflow-wrap: anywhere; max-height: 24rem; overflow: auto; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: 0.1rem 1rem; margin: 0.5rem 0 0; }
dd { margin: 0; color: var(--text); overflow-wrap: anywhere; }
h2.section { margin-top: 2rem; font-size: 1.15rem; font-weight: 600; }
.card dl { margin: 0; font-size: 1rem; }
.card dt, .muted { color: var(--muted); }
.settings { row-gap: 0.45rem; }
.settings dt { overflow-wrap: anywhere; }
.settings code { font-size: 0.875em; }
.card pre { font-size: 0.875rem; }
.links { display: grid; grid-template-columns: repeat(auto-fit, minmax(12rem, 1fr)); gap: 0 1rem; }
a.card { display: block; text-decoration: none; color: var(--text); }
a.card:hover { border-color: var(--accent); }
a.card strong { display: block; color: var(--accent); }
a.card span { color: var(--muted); }
.empty { padding: 2rem 1.15rem; text-align: center; }
.empty h1, .empty h2 { font-size: 1.1rem; font-weight: 600; }
.empty code { color: var(--text); font: 0.9em ui-monospace, Menlo, Consolas, monospace; }
.empty form { margin-top: 1rem; }
.empty p { margin: 0.5rem auto 0; max-width: 34rem; color: var(--muted); overflow-wrap: anywhere; }
@media (max-width: 30rem) {
  main { padding: 1rem 0.75rem 3rem; }
  article, .card { padding: 0.85rem 0.9rem; }
  .settings { grid-template-columns: minmax(0, 1fr); }
  .settings dd { margin-bottom: 0.6rem; }
  article header { flex-wrap: wrap; }
  .to { order: 1; flex-basis: 100%; }
}
`

/** A source for the style-src of a Content-Security-Policy. */
export const pageStyleSource = `'sha256-${createHash('sha256').update(pageStyle).digest('base64')}'`
