/**
 * The seed of every property test. `npm test` draws the same examples each time, so that what fails
 * fails again and nothing fails by luck; `WEIR_SEED=random` (or a number) draws others, for those who
 * look for what nobody has seen yet. A property that names a seed of its own keeps it.
 */
import fc from 'fast-check';

const wanted = process.env['WEIR_SEED'] ?? '20261';
const seed = wanted === 'random' ? Math.floor(Math.random() * 0x7fff_ffff) : Number(wanted);
if (!Number.isSafeInteger(seed)) throw new Error(`WEIR_SEED is a whole number or "random", not ${wanted}`);
if (wanted === 'random') console.log(`WEIR_SEED=${seed}`);
fc.configureGlobal({ ...fc.readConfigureGlobal(), seed });
