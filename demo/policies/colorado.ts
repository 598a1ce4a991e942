import { templateWith } from './fromTemplate.ts';

const order = '{ warrant: courtConfirmed, court: [articleThree, federalMagistrate] }';

/** C.R.S. 24-74-105: nothing that names a person without a certification in force, and a reduced answer for those who have none. */
export const colorado = (): string => templateWith('colorado', 'CO', more, ['CO-C2']);

const more = `policy: CO
version: 1
effective: 2025-05-23
title: Colorado, modelled on C.R.S. 24-74-105
note: In the demonstration, CO-3, CO-12, CO-13, CO-32 and CO-40 are invented.
rules:
  - id: CO-3
    title: Agencies without a certification see enough to check a licence in the hand
    release:
      data: [licenceNumber, name, birthDate, description]
      treat: { licenceNumber: lastFour, birthDate: year }
      to: { criminalJustice: yes }
      unless:
        - { to: { certified: noCivilImmigrationUse } }
        - ${order}
  - id: CO-12
    title: A search by name needs a case number
    deny: { data: all, when: { query: nameSearch }, unless: { caseNumber: numbered } }
  - id: CO-13
    title: A person reviews requests of agencies whose officers may act for ICE
    hold:
      data: [photo, address, driverHistory, vehicleRegistration, registeredOwner]
      to: { program287g: [taskForce, jail, warrantService, undeclared], criminalJustice: yes, certified: noCivilImmigrationUse }
      unless: ${order}
      review: { by: revenuePrivacyDesk, within: 4h, onTimeout: deny }
onward:
  - id: CO-32
    title: Nothing may be passed to agencies whose officers may act for ICE
    data: all
    via: [component, taskForce, fusionCentre, delegation, redissemination]
    allow: { when: { to: { program287g: none } } }
limits:
  - { id: CO-40, title: Each federal agency sees at most 100 photos a day, data: photo, to: { level: federal }, per: agency, max: 100/day, beyond: hold, review: { by: revenuePrivacyDesk, within: 1d, onTimeout: deny } }
claims:
  - id: CO-C5
    title: Only agencies that certified see a photo, an address or a plate without an order
    cites: [CRS 24-74-105(1)]
    only: { to: { certified: noCivilImmigrationUse }, data: [address, photo, signature, driverHistory, vehicleRegistration, registeredOwner], without: ${order}, by: direct, domain: schema }
`;
