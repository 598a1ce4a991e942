import type { Scene } from '../scene.ts';
import type { Twin } from '../twin.ts';
import { drawBars, twinOfBars } from './bars.ts';
import { drawLine, twinOfLine } from './line.ts';
import { drawMultiples, twinOfMultiples } from './multiples.ts';
import { drawStack, twinOfStack } from './stack.ts';
import { drawTiles, twinOfTiles } from './tileMap.ts';
import type { Chart } from './types.ts';

/** A chart as a picture of a width in pixels or points. Below 420 it is drawn for a telephone. `missing` is what is written for a value that is not said. */
export function drawChart(chart: Chart, width: number, missing = 'not known'): Scene {
  switch (chart.chart) {
    case 'line': return drawLine(chart, width);
    case 'bars': return drawBars(chart, width, missing);
    case 'stack': return drawStack(chart, width);
    case 'multiples': return drawMultiples(chart, width);
    case 'tiles': return drawTiles(chart, width);
  }
}

/** The same numbers as a table. */
export function twinOf(chart: Chart): Twin {
  switch (chart.chart) {
    case 'line': return twinOfLine(chart);
    case 'bars': return twinOfBars(chart);
    case 'stack': return twinOfStack(chart);
    case 'multiples': return twinOfMultiples(chart);
    case 'tiles': return twinOfTiles(chart);
  }
}
