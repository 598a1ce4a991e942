import type { BarChart, LineChart, MultiplesChart, StackChart, TileChart } from './types.ts';

const points = Array.from({ length: 12 }, (_, i) => new Date(Date.UTC(2025, 9 + i, 1)).toISOString().slice(0, 7));

/** One chart of each kind, of invented numbers, for tests. */
export const sampleLine: LineChart = {
  chart: 'line', title: 'Requests by month', description: 'Requests fell from 900 to 120 after March 2026.', unit: 'requests', points,
  series: [
    { name: 'Immigration and Customs Enforcement', values: [900, 880, 910, 870, 905, 600, 300, 200, 180, 150, null, 120] },
    { name: 'Customs and Border Protection', values: [400, 410, 405, 420, 430, 700, 900, 950, 990, 1000, 1010, 1030] },
  ],
  marks: [{ at: 5.4, label: 'version 2 in force' }],
};
export const sampleBars: BarChart = {
  chart: 'bars', title: 'Who asked most', description: 'Marrowby City Police asked most.', unit: 'requests',
  rows: [{ label: 'Marrowby City Police', value: 5_204_331 }, { label: 'Juniper County Sheriff <with "marks"> and a rather long name', value: 1_200, note: '0.3 %' }, { label: 'a third', value: 0 }, { label: 'a fourth', value: null }],
};
export const sampleStack: StackChart = {
  chart: 'stack', title: 'What came of them', description: 'Most were answered.', unit: 'requests',
  parts: [{ name: 'answered in full', ink: 'answered' }, { name: 'answered in part', ink: 'inPart' }, { name: 'held', ink: 'held' }, { name: 'refused', ink: 'refused' }, { name: 'no record', ink: 'noRecord' }],
  rows: [{ label: 'all', values: [800_000, 100_000, 0, 30_000, 2] }],
};
export const sampleMultiples: MultiplesChart = {
  chart: 'multiples', title: 'Groups by month', description: 'Each on a scale of its own.', unit: 'requests', points, marks: [{ at: 5.4, label: 'version 2 in force' }],
  panels: ['ICE', 'CBP', 'other federal', 'this state'].map((label, k) => ({ label, values: points.map((_, i) => (i === 3 ? null : (k + 1) * 100 + i * 10)) })),
};
export const sampleTiles: TileChart = {
  chart: 'tiles', direction: 'asked by', title: 'Requests by agencies of each state', description: 'Oregon asked most.', unit: 'requests', own: 'WA',
  values: { WA: 0, OR: 120_000, ID: 45_000, CA: 80_000, TX: 9_100, NY: 12, GU: 1, MT: 3_000, AK: 700, FL: 999 },
};
export const sampleCharts = [sampleLine, sampleBars, sampleStack, sampleMultiples, sampleTiles] as const;
