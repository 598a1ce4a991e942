export { attack, recovered, type Attacked } from './attack.ts';
export { ReleaseError, type ReleaseErrorCode } from './errors.ts';
export { prepareRelease, type PrepareAsked, type Prepared } from './prepare.ts';
