import { drawChart, twinOf } from './charts/index.ts';
import type { Chart } from './charts/types.ts';
import { html, type Html } from './html.ts';
import { svg } from './svg.ts';
import { twinHtml } from './twin.ts';

/**
 * A chart on a page: its table first, folded, so that it comes before the picture in the order of the keyboard; then the picture, drawn once for wide
 * and once for narrow screens, of which one is shown. `id` is unlike any other on the page.
 */
export function figureHtml(chart: Chart, { id, width = 680, missing = 'not known' }: { readonly id: string; readonly width?: number; readonly missing?: string }): Html {
  return html`<figure>
<figcaption>${chart.title}</figcaption>
<details><summary>The same as a table</summary>${twinHtml({ ...twinOf(chart), caption: chart.title }, missing)}</details>
${svg(drawChart(chart, width, missing), { id: `${id}-wide`, className: 'for-wide' })}
${svg(drawChart(chart, 300, missing), { id: `${id}-narrow`, className: 'for-narrow' })}
</figure>`;
}
