/** What a mark stands for. A scheme gives it a colour; what colours tell apart is told apart by shape, hatching or words too. */
export type Ink =
  | 'ground' | 'soft' | 'text' | 'quiet' | 'line' | 'accent'
  | 'first' | 'second' | 'third' | 'fourth'
  | 'answered' | 'inPart' | 'held' | 'refused' | 'noRecord' | 'unavailable'
  | 'step0' | 'step1' | 'step2' | 'step3' | 'step4' | 'step5' | 'onLow' | 'onHigh';

type Scheme = Readonly<Record<Ink, string>>;

/** On white paper and light screens. What is drawn has 3 to 1 against the ground, and words have 4.5 to 1 (WCAG 1.4.11 and 1.4.3); a test holds it. */
export const light: Scheme = {
  ground: '#ffffff', soft: '#f1f4f6', text: '#1b1f23', quiet: '#4c555e', line: '#868f99', accent: '#12456b',
  first: '#12456b', second: '#b34d00', third: '#6a3d9a', fourth: '#1c6b33',
  answered: '#1f6f9e', inPart: '#4f7f1a', held: '#a86400', refused: '#a1201f', noRecord: '#77818b', unavailable: '#4c555e',
  step0: '#ffffff', step1: '#dbe9f4', step2: '#a9cbe4', step3: '#6ea8d1', step4: '#2a6c9f', step5: '#12456b', onLow: '#1b1f23', onHigh: '#ffffff',
};

export const dark: Scheme = {
  ground: '#14181c', soft: '#1f252b', text: '#eceff2', quiet: '#b4bec8', line: '#76818c', accent: '#9fd0f5',
  first: '#9fd0f5', second: '#ffab66', third: '#cdb2f0', fourth: '#7fd696',
  answered: '#6db7e4', inPart: '#a5cf6b', held: '#f0b25a', refused: '#ff9c96', noRecord: '#8f9aa5', unavailable: '#b4bec8',
  step0: '#14181c', step1: '#1e3344', step2: '#27506f', step3: '#2f6690', step4: '#7fb9e0', step5: '#c9e6fb', onLow: '#eceff2', onHigh: '#0d1216',
};

export const allInks = Object.keys(light) as readonly Ink[];

/** The variables and classes by which pictures and pages take their colours: light, dark, on paper, and where the reader forces their own. */
export function inkStyle(): string {
  const variables = (scheme: Scheme): string => allInks.map((ink) => `--${ink}: ${scheme[ink]};`).join(' ');
  return `:root { color-scheme: light dark; ${variables(light)} }
@media (prefers-color-scheme: dark) { :root { ${variables(dark)} } }
@media print { :root { color-scheme: light; ${variables(light)} } }
${allInks.map((ink) => `.f-${ink} { fill: var(--${ink}); } .s-${ink} { stroke: var(--${ink}); }`).join('\n')}
@media (forced-colors: active) {
  svg { forced-color-adjust: none; }
  ${allInks.map((ink) => `.f-${ink} { fill: ${forced(ink)}; } .s-${ink} { stroke: ${forced(ink)}; }`).join('\n  ')}
}`;
}

/** In forced colours there are the reader's two, and the hatching tells the rest. */
function forced(ink: Ink): string {
  if (ink === 'ground' || ink === 'soft' || ink.startsWith('step')) return 'Canvas';
  return ink === 'quiet' || ink === 'line' ? 'GrayText' : 'CanvasText';
}
