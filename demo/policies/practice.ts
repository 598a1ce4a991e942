import type { Jurisdiction } from '../../src/vocabulary/index.ts';
import { fromTemplate, templateWith } from './fromTemplate.ts';

/**
 * Today's practice, as reported: any criminal-justice agency is answered by machine, whatever it asks for.
 * Social Security numbers, medical remarks and immigration papers are released to nobody.
 */
export function practice(owner: Jurisdiction, photos: boolean): string {
  return photos ? fromTemplate('open', owner) : templateWith('open', owner, withoutPhotos(owner), [`${owner}-3`, `${owner}-C1`]);
}

const withoutPhotos = (owner: Jurisdiction): string => `policy: ${owner}
version: 1
effective: 2020-01-01
note: In the demonstration this owner does not share photos, which is invented.
rules: []
claims:
  - id: ${owner}-C1
    title: Nobody sees the photo
    never: { to: { criminalJustice: [yes, no, undeclared] }, data: photo, by: anyPath, world: possible, domain: schema }
`;
