import type { Detector } from '../finding.ts';
import { leadKinds, type LeadKind } from '../types.ts';
import { afterRefusal } from './afterRefusal.ts';
import { aroundBlock } from './aroundBlock.ts';
import { bulkPhotos } from './bulkPhotos.ts';
import { colleague } from './colleague.ts';
import { lapsed } from './lapsed.ts';
import { noCase } from './noCase.ts';
import { offHours } from './offHours.ts';
import { oneSex } from './oneSex.ts';
import { pileOn } from './pileOn.ts';
import { rise } from './rise.ts';
import { self } from './self.ts';
import { surname } from './surname.ts';
import { sweep } from './sweep.ts';

const byKind: Readonly<Record<LeadKind, Detector>> = { self, colleague, surname, pileOn, oneSex, offHours, noCase, bulkPhotos, sweep, rise, lapsed, afterRefusal, aroundBlock };

/** In the order of `leadKinds`. */
export const detectors: readonly Detector[] = leadKinds.map((kind) => byKind[kind]);
