import type { AddVerb } from '../verb.ts';
import { addCertify } from './certify.ts';
import { addConfirm } from './confirm.ts';
import { addDiff } from './diff.ts';
import { addFind } from './find.ts';
import { addImport } from './import.ts';
import { addLookup } from './lookup.ts';
import { addShow } from './show.ts';
import { addSuggestions } from './suggestions.ts';
import { addVersions } from './versions.ts';

/** `weir registry …`: who may ask, whose they are, and how data goes between them. Every change makes a version. */
export const addRegistry: AddVerb = (parent) => {
  const registry = parent.command('registry').description('organisations, their ORIs, affiliations and certifications');
  addShow(registry);
  addFind(registry);
  addLookup(registry);
  addImport(registry);
  addSuggestions(registry);
  addConfirm(registry);
  addCertify(registry);
  addVersions(registry);
  addDiff(registry);
};
