/** The one style sheet of our pages: light and dark, from a telephone to a wide screen, at any zoom. */
export const style = `:root {
  color-scheme: light dark;
  --ground: #ffffff; --soft: #f1f4f6; --ink: #1b1f23; --quiet: #4c555e; --line: #8a949e; --link: #0b57a4; --accent: #12456b;
  --good: #1c6b33; --warn: #8a4b00; --bad: #a1201f; --banner: #fff2cc; --bannerInk: #4a3500;
}
@media (prefers-color-scheme: dark) {
  :root {
    --ground: #14181c; --soft: #1f252b; --ink: #eceff2; --quiet: #b4bec8; --line: #76818c; --link: #8cc2ff; --accent: #9fd0f5;
    --good: #7fd696; --warn: #f4b866; --bad: #ff9c96; --banner: #453600; --bannerInk: #ffe9ad;
  }
}
* { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; }
body { margin: 0; background: var(--ground); color: var(--ink); font: 1.0625rem/1.5 system-ui, "Segoe UI", "DejaVu Sans", sans-serif; overflow-wrap: anywhere; }
.skip { position: absolute; left: -99rem; }
.skip:focus { left: 0; background: var(--ground); padding: .5rem 1rem; z-index: 1; }
.banner { margin: 0; background: var(--banner); color: var(--bannerInk); padding: .5rem 1rem; border-bottom: 1px solid var(--line); }
header.top, main, footer, .who { max-width: 46rem; margin: 0 auto; padding: 0 1rem; }
header.top { padding-top: 1rem; display: flex; flex-wrap: wrap; gap: .25rem 1.5rem; align-items: baseline; }
header.top .name { font-size: 1.25rem; font-weight: 700; color: var(--accent); text-decoration: none; }
nav ul { list-style: none; display: flex; flex-wrap: wrap; gap: .25rem 1.25rem; margin: 0; padding: 0; }
nav a { display: inline-block; padding: .25rem 0; }
nav [aria-current] { font-weight: 700; color: inherit; text-decoration: none; border-bottom: 3px solid var(--accent); }
main { padding-bottom: 2rem; }
footer { padding: 1rem 1rem 3rem; color: var(--quiet); border-top: 1px solid var(--line); }
h1 { font-size: 1.9rem; line-height: 1.2; margin: 1.25rem 0 .75rem; }
h2 { font-size: 1.3rem; line-height: 1.25; margin: 2rem 0 .5rem; }
h3 { font-size: 1.06rem; margin: 1.25rem 0 .25rem; }
a { color: var(--link); }
a:focus-visible, input:focus-visible, select:focus-visible, button:focus-visible, pre:focus-visible, summary:focus-visible, textarea:focus-visible, .scroll:focus-visible { outline: 3px solid var(--link); outline-offset: 2px; }
pre { background: var(--soft); border: 1px solid var(--line); border-radius: 4px; padding: .75rem; margin: .25rem 0 1rem; white-space: pre-wrap; font: .9rem/1.45 ui-monospace, "DejaVu Sans Mono", monospace; }
.quiet { color: var(--quiet); }
.status { font-weight: 700; }
.good { color: var(--good); } .warn { color: var(--warn); } .bad { color: var(--bad); }
.card { border: 1px solid var(--line); border-left: 6px solid var(--accent); border-radius: 4px; padding: .25rem 1rem 1rem; margin: 1rem 0; }
.card.good { border-left-color: var(--good); } .card.warn { border-left-color: var(--warn); } .card.bad { border-left-color: var(--bad); }
.card.good, .card.warn, .card.bad { color: inherit; }
.record { display: flex; flex-wrap: wrap; gap: 1rem; align-items: flex-start; }
.record img { width: 9rem; max-width: 100%; height: auto; border: 1px solid var(--line); background: var(--soft); }
dl { display: grid; grid-template-columns: minmax(7rem, 12rem) 1fr; gap: .25rem 1rem; margin: .5rem 0; flex: 1 1 16rem; }
dt { color: var(--quiet); } dd { margin: 0; }
@media (max-width: 30rem) { dl { grid-template-columns: 1fr; gap: 0; } dd { margin-bottom: .5rem; } h1 { font-size: 1.6rem; } }
table { border-collapse: collapse; width: 100%; }
th, td { overflow-wrap: break-word; text-align: left; vertical-align: top; padding: .3rem .75rem .3rem 0; border-bottom: 1px solid var(--line); }
.field { margin: 1rem 0; }
.field label, legend { font-weight: 600; display: block; }
.hint { color: var(--quiet); display: block; font-weight: 400; } caption.hint { display: table-caption; }
.unseen { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
input[type=text], input[type=password], input[type=email], input[type=number], input[type=date], textarea, select { font: inherit; width: 100%; max-width: 24rem; min-height: 2.75rem; padding: .35rem .5rem; color: inherit; background: var(--ground); border: 2px solid var(--line); border-radius: 4px; }
textarea, input[type=number], input[type=date], input[type=datetime-local] { font: inherit; width: 100%; max-width: 24rem; min-height: 2.75rem; padding: .35rem .5rem; color: inherit; background: var(--ground); border: 2px solid var(--line); border-radius: 4px; }
textarea { max-width: 100%; display: block; } textarea.code { font: .9375rem/1.45 ui-monospace, "DejaVu Sans Mono", monospace; white-space: pre; overflow: auto; tab-size: 2; }
input[type=radio] { width: 1.5rem; height: 1.5rem; vertical-align: middle; margin: 0 .5rem 0 0; }
@media (min-width: 70rem) { .beside { display: grid; grid-template-columns: 1fr 1fr; gap: 0 2rem; width: 66rem; margin-left: calc(50% - 33rem); } }
input[type=checkbox], input[type=radio] { width: 1.5rem; height: 1.5rem; vertical-align: middle; margin: 0 .5rem 0 0; }
.field .tick { display: flex; align-items: center; min-height: 2.75rem; font-weight: 400; }
button { font: inherit; font-weight: 700; min-height: 2.75rem; padding: .4rem 1.25rem; border: 2px solid transparent; border-radius: 4px; background: var(--link); color: var(--ground); cursor: pointer; }
button.quiet { background: var(--ground); color: var(--link); border-color: var(--line); }
form.inline { display: inline-block; margin: 0 .5rem .5rem 0; }
.buttons { display: flex; flex-wrap: wrap; gap: .5rem; align-items: center; margin: 1rem 0; }
.who { padding-top: .5rem; } .standing { display: flex; flex-wrap: wrap; gap: .25rem .75rem; align-items: center; justify-content: space-between; border-bottom: 1px solid var(--line); padding: .25rem 0; }
.standing p { margin: 0; } .standing .buttons { margin: 0; } .standing form { margin: 0; } .standing button { min-height: 2.25rem; padding: .15rem .75rem; }
.desk { border-bottom: 1px solid var(--line); padding: .25rem 0; } .desk p { margin: 0; } .desk a { display: inline-block; padding: .15rem 0; margin: 0 .75rem 0 .25rem; } .desk [aria-current] { font-weight: 700; color: inherit; text-decoration: none; border-bottom: 3px solid var(--accent); }
fieldset { border: 1px solid var(--line); border-radius: 4px; margin: 1rem 0; padding: .25rem 1rem .75rem; min-width: 0; }
.tick { display: flex; align-items: flex-start; gap: .25rem; padding: .35rem 0; } .tick input { flex: none; }
.choice details { margin: 0 0 .5rem 2rem; } summary { cursor: pointer; padding: .25rem 0; min-height: 1.5rem; }
.people, .waits { list-style: none; padding: 0; } .people li { display: flex; flex-wrap: wrap; gap: .25rem .75rem; align-items: center; padding: .25rem 0; } .people form { margin: 0; } .waits li { padding: .35rem 0; }
.scroll { overflow-x: auto; margin: .5rem 0 1rem; } .scroll table { min-width: 32rem; } .scroll time { display: inline-block; min-width: 8.5rem; } .scroll td > code { white-space: nowrap; } caption { text-align: left; padding: .25rem 0; } tbody th { font-weight: 400; } tbody th strong { font-weight: 700; }
@media (max-width: 30rem) {
  .scroll table { min-width: 0; } .stack, .stack tbody, .stack tr, .stack td, .stack tbody th, .stack caption { display: block; } .stack thead { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
  .stack tr { border-bottom: 2px solid var(--line); padding: .5rem 0; } .stack td, .stack tbody th { border: 0; padding: .15rem 0; } .stack [data-label]::before { content: attr(data-label); display: block; color: var(--quiet); font-size: .9375rem; }
}
.secret { font: 1.1rem/1.6 ui-monospace, "DejaVu Sans Mono", monospace; background: var(--soft); padding: .15rem .35rem; overflow-wrap: anywhere; }
.qr { forced-color-adjust: none; background: #ffffff; padding: 4px; max-width: 100%; height: auto; }
.columns { columns: 12rem auto; padding: 0; list-style: none; } .columns li { padding: .25rem 0; }
@media (forced-colors: active) { .card, .banner, button { border-color: currentColor; } }
@media print { .skip, nav, form, .who { display: none; } .card, tr { break-inside: avoid; } main, .beside { max-width: none; } .scroll { overflow: visible; } a { color: inherit; } }
`;
