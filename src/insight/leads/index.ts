export { detectors } from './detectors/index.ts';
export { defaultPerKind, findLeads, findRows, kindOfId, type FindOptions } from './find.ts';
export type { Detector } from './finding.ts';
export { leadLines, reportLines, rowLines } from './lines.ts';
export { measureLeads, readPlanted, type KindMeasure, type LeadMeasure } from './measure.ts';
export type { BehindRow } from './rowsBehind.ts';
export { leadKinds, type DetectorReport, type Lead, type LeadKind, type LeadReport, type LeadsInput, type PlantedCase } from './types.ts';
