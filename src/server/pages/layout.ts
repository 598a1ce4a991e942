import { html, type Html } from '../../drawing/html.ts';

/** Where a page stands: which links it has, and whether its people are invented. */
export interface Site {
  readonly demonstration: boolean;
  /** True where queries can be tried by hand: on the loopback demonstration. */
  readonly byHand: boolean;
  /** True where people sign in here. */
  readonly people?: boolean;
  readonly version: string;
  /** Whether an account is that of an invented person of the demonstration. */
  readonly isInvented?: (account: string) => boolean;
  /** The name of an agency by its ORI; null where the registry has none. */
  readonly agencyName?: (ori: string) => string | null;
}

/** A whole page. `title` is also its heading; `above` stands before it, and is passed over by whoever skips to the content. */
export function page(site: Site, title: string, here: string, content: Html, above: Html | null = null): string {
  const links = [['/', 'Start'], ...(site.byHand ? [['/try', 'Try a query'], ['/briefings', 'Briefings']] : []), ...(site.people === true ? [['/desk', 'Desk'], ['/residents', 'Who looked me up?']] : []), ['/verify', 'Verify'], ['/docs', 'Interface'], ['/metrics', 'Counters']] as const;
  return html`<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<title>${title} – Weir</title>
<link rel="stylesheet" href="/style.css">
<link rel="icon" href="data:,">
</head>
<body>
<a class="skip" href="#content">Skip to the content</a>
${site.demonstration ? html`<aside class="banner" aria-label="Demonstration"><strong>Demonstration.</strong> All people, vehicles and agencies here are invented.</aside>\n` : null}<header class="top"><a class="name" href="/">Weir</a>
<nav aria-label="Pages"><ul>${links.map(([address = '', text = '']) => html`<li><a href="${address}"${address === here ? html` aria-current="page"` : null}>${text}</a></li>`)}</ul></nav></header>
${above}<main id="content">
<h1>${title}</h1>
${content}
</main>
<footer>Weir ${site.version}. An exchange for driver and vehicle records: the state that owns a record decides, and every decision is on record first.</footer>
</body>
</html>
`.toString();
}
