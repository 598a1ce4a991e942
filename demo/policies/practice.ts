import { jurisdictionName, type Jurisdiction } from '../../src/vocabulary/index.ts';

/** What every agency on the network can read today where an owner has set no limit. */
const ordinary = '[licenceStatus, licenceNumber, name, birthDate, description, address, signature, driverHistory, vehicleRegistration, registeredOwner]';

/**
 * Today's practice, as reported: any criminal-justice agency is answered by machine, whatever it asks for.
 * Social Security numbers, medical remarks and immigration papers are released to nobody.
 */
export function practice(owner: Jurisdiction, photos: boolean): string {
  return `# ${jurisdictionName(owner)}: today's practice, open to all law enforcement. For demonstration; not legal advice.
policy: ${owner}
version: 1
effective: 2020-01-01
title: Open to all law enforcement, as practised
note: ${photos ? 'Photos are shared.' : 'Photos are not shared.'} Which 41 of the states share photos is not published; which do here is invented.
cites: [18 USC 2721(b)(1)]
rules:
  - id: ${owner}-1
    title: Law enforcement may read driver and vehicle records
    release: { data: ${ordinary}, to: { criminalJustice: yes } }
  - id: ${owner}-2
    title: Motor-vehicle agencies may read driver records
    release: { data: [licenceStatus, licenceNumber, name, birthDate, description, address, driverHistory], to: { mission: motorVehicles } }
${photos ? `  - id: ${owner}-3
    title: Law enforcement may see the photo
    release: { data: photo, to: { criminalJustice: yes } }
` : ''}`;
}
