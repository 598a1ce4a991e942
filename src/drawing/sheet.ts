import { inkStyle } from './inks.ts';

/** The style of a page that stands alone in one file: no script, no font and no picture from elsewhere; light, dark, on paper, from a telephone to a wide screen. */
export function sheetStyle(): string {
  return `${inkStyle()}
* { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; }
body { margin: 0; background: var(--ground); color: var(--text); font: 1rem/1.5 system-ui, "Segoe UI", "DejaVu Sans", sans-serif; overflow-wrap: anywhere; }
.skip { position: absolute; left: -99rem; }
.skip:focus { left: 0; background: var(--ground); padding: .5rem 1rem; z-index: 1; }
.banner { margin: 0; background: var(--soft); border-bottom: 3px double var(--refused); padding: .5rem 1rem; }
main, .page > header, footer { max-width: 62rem; margin: 0 auto; padding: 0 1rem; }
h1 { font-size: 1.75rem; line-height: 1.2; margin: 1.25rem 0 .25rem; }
h2 { font-size: 1.2rem; line-height: 1.25; margin: 1.5rem 0 .35rem; color: var(--accent); }
h3 { font-size: 1rem; margin: 1.25rem 0 .25rem; }
p { margin: .35rem 0 .75rem; max-width: 44rem; }
.lead { font-size: 1.15rem; max-width: 52rem; }
.quiet { color: var(--quiet); }
a { color: var(--accent); }
a:focus-visible, summary:focus-visible, [tabindex]:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
.number-link { font-variant-numeric: tabular-nums; font-weight: 600; color: inherit; text-decoration-style: dotted; text-underline-offset: .2em; padding: .2rem 0; }
.number { text-align: right; font-variant-numeric: tabular-nums; }
figure { margin: .75rem 0 1.25rem; }
figcaption { font-weight: 600; }
.picture { max-width: 100%; height: auto; font-family: inherit; display: block; margin-top: .5rem; }
.for-narrow { display: none; }
@media (max-width: 44rem) { .for-wide { display: none; } .for-narrow { display: block; } h1 { font-size: 1.45rem; } }
details { margin: .25rem 0; }
summary { cursor: pointer; padding: .2rem 0; color: var(--accent); min-height: 1.5rem; }
.wide-table { overflow-x: auto; max-width: 100%; }
table { border-collapse: collapse; font-size: .92rem; }
caption { text-align: left; font-weight: 600; padding: .25rem 0; }
th, td { text-align: left; vertical-align: top; padding: .25rem .9rem .25rem 0; border-bottom: 1px solid var(--line); overflow-wrap: normal; }
th.number, td.number { text-align: right; }
tbody th { font-weight: 400; }
code, pre { font: .88rem/1.45 ui-monospace, "DejaVu Sans Mono", monospace; }
pre { background: var(--soft); border: 1px solid var(--line); padding: .5rem .75rem; margin: .25rem 0 1rem; white-space: pre-wrap; overflow-wrap: anywhere; }
footer { padding-top: 1rem; padding-bottom: 3rem; color: var(--quiet); border-top: 1px solid var(--line); }
@media print {
  @page { size: letter; margin: 12mm; }
  body { font-size: 8.6pt; line-height: 1.32; } h1 { font-size: 15pt; margin: 0; } h2 { font-size: 10pt; margin: 6pt 0 1pt; } p { margin: 1pt 0 3pt; max-width: none; } .lead { font-size: 10pt; }
  main, .page > header, footer { max-width: none; padding: 0; }
  .skip, details:not([open]) { display: none; }
  .number-link { text-decoration: none; }
  figure, tr, li { break-inside: avoid; }
  .new-page { break-before: page; }
}`;
}
