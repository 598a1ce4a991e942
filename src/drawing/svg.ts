import { html, type Html } from './html.ts';
import { light, type Ink } from './inks.ts';
import type { Dash, Mark, Scene } from './scene.ts';

export interface SvgOptions {
  /** Unlike any other on the page: the title and description are found by it. */
  readonly id: string;
  /** Besides `picture`. */
  readonly className?: string;
}

/**
 * A picture for a page: read aloud by its title and description, scaled to the width it is given. Colours come from classes, whose variables
 * `inkStyle` sets; the attributes beside them are for readers that take the picture out of its page. It holds no style and no script of its own.
 */
export function svg(scene: Scene, { id, className }: SvgOptions): Html {
  const classes = className === undefined ? 'picture' : `picture ${className}`;
  return html`<svg class="${classes}" role="img" aria-labelledby="${id}-t ${id}-d" viewBox="0 0 ${round(scene.width)} ${round(scene.height)}" width="${round(scene.width)}" height="${round(scene.height)}" xmlns="http://www.w3.org/2000/svg">
<title id="${id}-t">${scene.title}</title><desc id="${id}-d">${scene.description}</desc>
${scene.marks.map(markOf)}
</svg>`;
}

function markOf(mark: Mark): Html {
  switch (mark.mark) {
    case 'rect': return html`<rect x="${round(mark.x)}" y="${round(mark.y)}" width="${round(mark.width)}" height="${round(mark.height)}"${mark.radius === undefined ? null : html` rx="${mark.radius}"`}${paint(mark.fill, mark.stroke ?? null)}/>\n`;
    case 'line': return html`<line x1="${round(mark.x1)}" y1="${round(mark.y1)}" x2="${round(mark.x2)}" y2="${round(mark.y2)}"${paint(null, mark.stroke, mark.thick, mark.dash)}/>\n`;
    case 'path': return html`<path d="${mark.d}"${paint(mark.fill, mark.stroke, mark.thick, mark.dash)}/>\n`;
    case 'circle': return html`<circle cx="${round(mark.x)}" cy="${round(mark.y)}" r="${round(mark.r)}"${paint(mark.fill, mark.stroke ?? null, mark.thick)}/>\n`;
    case 'text': return html`<text x="${round(mark.x)}" y="${round(mark.y)}" font-size="${round(mark.size)}"${mark.anchor === undefined ? null : html` text-anchor="${mark.anchor}"`}${mark.bold === true ? html` font-weight="700"` : null}${paint(mark.ink, null)}>${mark.text}</text>\n`;
    case 'group': return html`<g>${mark.title === '' ? null : html`<title>${mark.title}</title>`}${mark.marks.map(markOf)}</g>\n`;
  }
}

function paint(fill: Ink | null, stroke: Ink | null, thick?: number, dash?: Dash): Html {
  const classes = [...(fill === null ? [] : [`f-${fill}`]), ...(stroke === null ? [] : [`s-${stroke}`])].join(' ');
  return html`${classes === '' ? null : html` class="${classes}"`} fill="${fill === null ? 'none' : light[fill]}"${stroke === null ? null : html` stroke="${light[stroke]}" stroke-width="${thick ?? 1}"`}${dash === undefined ? null : html` stroke-dasharray="${dash.join(' ')}"`}`;
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}
