import { cutTo, hatched, textWidth, type Hatch, type Mark, type Scene } from '../scene.ts';
import type { Twin } from '../twin.ts';
import { exact } from './numbers.ts';
import type { StackChart } from './types.ts';

const hatches: readonly Hatch[] = ['plain', 'rising', 'dots', 'falling', 'open', 'level'];

/** Shares of a whole as parts of a bar, hatched so that they are told apart without colour. A part that is there is never thinner than a hair. */
export function drawStack(chart: StackChart, width: number): Scene {
  const size = 11;
  const used = chart.parts.map((_, place) => chart.rows.some(({ values }) => (values[place] ?? 0) > 0));
  const legend = legendMarks(chart, used, width, size);
  const single = chart.rows.length === 1;
  const above = !single && width < 420;
  const left = single || above ? 0 : Math.min(Math.max(...chart.rows.map(({ label }) => textWidth(label, size)), 0) + 8, width * 0.4);
  const step = single ? 30 : above ? 36 : 22;
  return {
    width, height: legend.height + 6 + chart.rows.length * step, title: chart.title, description: chart.description,
    marks: [
      ...legend.marks,
      ...chart.rows.map(({ label, values }, place): Mark => {
        const top = legend.height + 6 + place * step;
        const bar = above ? top + 15 : top;
        const tall = single ? 24 : 16;
        return {
          mark: 'group', title: `${label}: ${chart.parts.map(({ name }, part) => `${name} ${exact(values[part] ?? 0)}`).join(', ')}`,
          marks: [
            ...(single ? [] : [{ mark: 'text', x: above ? 0 : left - 6, y: above ? top + 11 : top + 13, text: cutTo(label, size, above ? width : left - 6), size, ink: 'text', ...(above ? {} : { anchor: 'end' as const }) } as const]),
            ...segments(values, left, width - 1).flatMap(({ part, x, wide }) => hatched({ x, y: bar, width: wide, height: tall }, chart.parts[part]?.ink ?? 'quiet', hatches[part % hatches.length] ?? 'plain')),
          ],
        };
      }),
    ],
  };
}

export function twinOfStack(chart: StackChart): Twin {
  return { caption: `${chart.title} (${chart.unit})`, columns: ['what', ...chart.parts.map(({ name }) => name), 'in all'], rows: chart.rows.map(({ label, values }) => [label, ...values, values.reduce((sum, value) => sum + value, 0)]) };
}

/** Where each part that is there begins, and how wide it is. */
function segments(values: readonly number[], left: number, right: number): readonly { readonly part: number; readonly x: number; readonly wide: number }[] {
  const least = 1.5;
  const total = values.reduce((sum, value) => sum + value, 0);
  if (total <= 0) return [];
  const wanted = values.map((value) => (value > 0 ? Math.max(least, ((right - left) * value) / total) : 0));
  const scale = (right - left) / wanted.reduce((sum, value) => sum + value, 0);
  let x = left;
  return wanted.flatMap((wide, part) => {
    const segment = { part, x, wide: wide * scale };
    x += segment.wide;
    return wide > 0 ? [segment] : [];
  });
}

function legendMarks(chart: StackChart, used: readonly boolean[], width: number, size: number): { readonly marks: readonly Mark[]; readonly height: number } {
  const marks: Mark[] = [];
  let [x, y] = [0, 0];
  for (const [part, { name, ink }] of chart.parts.entries()) {
    if (used[part] !== true) continue;
    const wide = 18 + textWidth(name, size) + 12;
    if (x > 0 && x + wide > width) [x, y] = [0, y + 18];
    marks.push(...hatched({ x: x + 0.5, y: y + 1.5, width: 12, height: 12 }, ink, hatches[part % hatches.length] ?? 'plain'), { mark: 'text', x: x + 17, y: y + 12, text: name, size, ink: 'text' });
    x += wide;
  }
  return { marks, height: y + 18 };
}
