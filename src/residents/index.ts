export { openResidents, type ResidentsParts } from './residents.ts';
export { builtInSteps, programStep, type ProofingPlug, type RecordMatch } from './steps.ts';
export { ResidentError, type ProofingStep, type ResidentActor, type ResidentErrorCode, type ResidentEvent, type ResidentRequest, type Residents } from './types.ts';
